package dev.serai.routes;

import static dev.serai.routes.SourceCases.event;
import static dev.serai.routes.SourceCases.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.testing.RunningSerai;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A route of one's own as a source. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EnrichExampleRouteTest {
    @AutoClose
    private static RunningSerai serai;

    private static SourceCases cases;

    @BeforeAll
    static void start() {
        serai = new RunningSerai(Map.of(
                "serai.sources.callers.type", "route",
                "serai.sources.callers.route", "enrich-example",
                "serai.enrich.dynamic-info-source", "callers"));
        cases = new SourceCases(serai);
    }

    @ParameterizedTest
    @CsvSource({"+33140205050, The call comes from France.", "+49301234567, The call comes from Germany."})
    void number_isOfACountry(String number, String text) {
        ObjectNode event = event(number);

        JsonNode reply = cases.reply(event);

        assertThat(status(reply, "dynamic_info")).isEqualTo("fresh");
        assertThat(reply.at("/enrichment/dynamic_info/source").asText()).isEqualTo("callers");
        assertThat(cases.call(event).at("/dynamic_info/text").asText()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"+441632960000", "${header.tenant}", "33"})
    void otherReference_isNotKnown(String reference) {
        JsonNode reply = cases.reply(event(reference));

        assertThat(status(reply, "dynamic_info")).isEqualTo("absent");
        assertThat(reply.at("/enrichment/dynamic_info/source").asText()).isEqualTo("callers");
    }
}
