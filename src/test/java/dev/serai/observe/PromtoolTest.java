package dev.serai.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.testing.Promtool;
import dev.serai.testing.RunningSerai;
import dev.serai.wire.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Prometheus' own opinion of the documented alerts and of what is scraped; without promtool the build has its own parser's. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PromtoolTest {
    private static Promtool promtool;

    @TempDir
    private Path folder;

    @BeforeAll
    static void find() {
        Optional<Promtool> found = Promtool.find();
        assumeTrue(found.isPresent(), "there is no promtool");
        promtool = found.orElseThrow();
    }

    @Test
    void documentedAlerts_areRules() throws Exception {
        ObjectNode file = Json.MAPPER.createObjectNode();
        ArrayNode rules =
                file.putArray("groups").addObject().put("name", "serai").putArray("rules");
        for (String expression : AlertExpressionsTest.expressions()) {
            rules.addObject().put("alert", "Alert" + rules.size()).put("expr", expression);
        }
        // JSON is YAML.
        Path path = Files.writeString(folder.resolve("rules.yml"), file.toString());

        assertThat(promtool.complaints("", "check", "rules", path.toString()))
                .contains("SUCCESS: " + rules.size() + " rules found");
    }

    @Test
    void scrapedMetrics_areWellFormed() throws Exception {
        try (RunningSerai serai = new RunningSerai()) {
            serai.publish("key", "{\"event_id\":\"m1\",\"character_id\":\"c\",\"context_ref\":\"customer-42\"}");
            serai.replyTo("m1");
            try (HttpClient http = HttpClient.newHttpClient()) {
                URI uri = URI.create(serai.service().observeUri() + "/metrics");
                String scraped = http.send(
                                HttpRequest.newBuilder(uri)
                                        .header("Accept", "text/plain")
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body();

                // Micrometer's own names of the process and the system are not to Prometheus' taste.
                assertThat(promtool.complaints(scraped, "check", "metrics"))
                        .doesNotContain("serai_")
                        .doesNotContain("error while linting");
                assertThat(promtool.complaints(scraped + "serai_x{", "check", "metrics"))
                        .contains("error while linting");
            }
        }
    }
}
