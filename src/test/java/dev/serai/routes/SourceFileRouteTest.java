package dev.serai.routes;

import static dev.serai.routes.SourceCases.event;
import static dev.serai.routes.SourceCases.status;
import static dev.serai.testing.Incoming.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.RunningSerai;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Scenes and people in files: the default tenant's are CSV, those of another one JSON. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class SourceFileRouteTest {
    @TempDir
    private static Path directory;

    @AutoClose
    private static RunningSerai serai;

    private static SourceCases cases;

    @BeforeAll
    static void start() throws IOException {
        Map<String, String> settings = new TreeMap<>();
        file(settings, "rooms", write("rooms.csv", """
                key,name,description
                harbour,quay,wet
                tower,bell,
                harbour,crane,"blue, tall"
                """));
        file(settings, "people", write("people.csv", """
                id,name,points
                harbour,Ada,12
                harbour,Bob,3
                tower,Eve,
                """));
        settings.put("serai.sources.people.key-column", "id");
        settings.put(
                "serai.sources.people.template",
                write("person.txt", "Customer {{name}}\nPoints: {{points}}").toString());
        file(settings, "halls", write("halls.json", hall("dark")));
        file(
                settings,
                "guests",
                write("guests.json", json("{'hall':{'text':'Max, for the first time'},'attic':7,'cellar':null}")));
        settings.put("serai.enrich.scene-source", "rooms");
        settings.put("serai.enrich.dynamic-info-source", "people");
        settings.put("serai.tenants.acme.scene-source", "halls");
        settings.put("serai.tenants.acme.dynamic-info-source", "guests");
        serai = RunningSerai.withTenants(settings, "acme");
        cases = new SourceCases(serai);
    }

    private static String hall(String description) {
        return json("{'hall':[{'name':'lamp','description':'" + description + "'}],'cellar':null}");
    }

    private static Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static void file(Map<String, String> settings, String name, Path file) {
        settings.put("serai.sources." + name + ".type", "file");
        settings.put("serai.sources." + name + ".path", file.toString());
    }

    @Test
    void rowsOfCsv_becomeScene_andTextOfTheFirstOne() {
        ObjectNode event = event("harbour");

        JsonNode reply = cases.reply(event);

        assertThat(status(reply, "scene")).isEqualTo("fresh");
        assertThat(cases.call(event).path("scene_description").toString())
                .isEqualTo(json("[{'name':'quay','description':'wet'},{'name':'crane','description':'blue, tall'}]"));
        assertThat(status(reply, "dynamic_info")).isEqualTo("fresh");
        assertThat(cases.call(event).at("/dynamic_info/text").asText()).isEqualTo("Customer Ada\nPoints: 12");
        assertThat(reply.at("/enrichment/dynamic_info/notes").toString())
                .isEqualTo("[\"dynamic_info: 1 of 2 rows left out (the first one counts)\"]");
    }

    @Test
    void emptyCells_areLeftOut() {
        ObjectNode event = event("tower");

        JsonNode reply = cases.reply(event);

        assertThat(cases.call(event).at("/scene_description/0/description").asText())
                .isEmpty();
        assertThat(cases.call(event).at("/dynamic_info/text").asText()).isEqualTo("Customer Eve");
        assertThat(reply.at("/enrichment/dynamic_info/notes")).isEmpty();
    }

    @Test
    void valuesOfJson_becomeSceneAndText() {
        ObjectNode event = event("acme", "hall");

        JsonNode reply = cases.reply(event);

        assertThat(reply.at("/enrichment/scene/source").asText()).isEqualTo("halls");
        assertThat(cases.call(event).at("/scene_description/0/name").asText()).isEqualTo("lamp");
        assertThat(reply.at("/enrichment/dynamic_info/source").asText()).isEqualTo("guests");
        assertThat(cases.call(event).at("/dynamic_info/text").asText()).isEqualTo("Max, for the first time");
    }

    @Test
    void unknownReference_isNothingFound() {
        JsonNode csv = cases.reply(event("hall"));
        JsonNode json = cases.reply(event("acme", "harbour"));
        JsonNode jsonNull = cases.reply(event("acme", "cellar"));

        for (JsonNode reply : List.of(csv, json, jsonNull)) {
            assertThat(status(reply, "scene")).isEqualTo("absent");
            assertThat(status(reply, "dynamic_info")).isEqualTo("absent");
        }
    }

    @Test
    void valueOfAnotherShape_isGoneOnWithout() {
        cases.assertGoesOnWithout(event("acme", "attic"), "dynamic_info");
    }

    @Test
    void changedFile_isSeenSoon() throws IOException {
        Path changed = write("halls.new", hall("bright"));
        Files.move(changed, directory.resolve("halls.json"), StandardCopyOption.ATOMIC_MOVE);

        Awaitility.await("the change").atMost(Duration.ofSeconds(20)).until(() -> {
            ObjectNode event = event("acme", "hall");
            cases.reply(event);
            return cases.call(event)
                    .at("/scene_description/0/description")
                    .asText()
                    .equals("bright");
        });
    }
}
