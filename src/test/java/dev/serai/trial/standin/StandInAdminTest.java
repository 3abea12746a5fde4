package dev.serai.trial.standin;

import static dev.serai.trial.standin.StandInClient.badRequest;
import static dev.serai.trial.standin.StandInClient.detail;
import static dev.serai.trial.standin.StandInClient.json;
import static dev.serai.trial.standin.StandInClient.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.StockTools;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class StandInAdminTest extends StandInFixture {

    @Test
    void health_isUp() throws IOException {
        HttpResponse<String> response = client.get("/_standin/health");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"status\":\"UP\"}");
    }

    /** Those with curl, from the first to the last: of the two scripts both are listed, and none is left. */
    @Test
    void commandsOfTheDocument_work(@TempDir Path directory) throws Exception {
        StockTools.assumeThereAre("bash", "curl");
        String commands = StockTools.blocks(Path.of("src/docs/standin.md"), "bash")
                .collect(Collectors.joining())
                .replace("curl -s", "curl -sf")
                .replace("127.0.0.1:8089", "127.0.0.1:" + standIn.port());

        String said = StockTools.shell(directory).run(commands);

        assertThat(said).contains("museum-guide", "\"status\":503", "guard", "hang");
        assertThat(client.connect("museum-guide").statusCode()).isEqualTo(200);
        assertThat(client.get("/_standin/faults").body()).doesNotContain("museum-guide", "guard");
    }

    @Test
    void calls_areListedOldestFirst() throws IOException {
        client.connect("ada");
        standIn.script(FaultScript.once(Fault.status(503, "busy")));
        client.connect("bob");

        JsonArray calls = json(client.get("/_standin/calls")).getJsonArray("calls");

        assertThat(calls).hasSize(2);
        JsonObject first = calls.getJsonObject(0);
        assertThat(first.fieldNames())
                .containsExactlyInAnyOrder(
                        "number",
                        "received_at",
                        "ended_at",
                        "method",
                        "path",
                        "headers",
                        "body",
                        "character_id",
                        "fault",
                        "session_made",
                        "status",
                        "answer");
        assertThat(first.getString("character_id")).isEqualTo("ada");
        assertThat(first.getString("fault")).isNull();
        assertThat(first.getBoolean("session_made")).isTrue();
        assertThat(first.getJsonObject("headers").getJsonArray("X-API-Key")).isEqualTo(new JsonArray().add("***"));
        JsonObject second = calls.getJsonObject(1);
        assertThat(second.getString("fault")).isEqualTo("status");
        assertThat(second.getInteger("status")).isEqualTo(503);
        assertThat(second.getString("answer")).isEqualTo("{\"detail\":\"busy\"}");
    }

    @Test
    void calls_areListedInPagesAndByCharacter() throws IOException {
        client.connect("ada");
        client.connect("bob");
        client.connect("ada");

        assertThat(numbers("/_standin/calls?limit=2")).containsExactly(1, 2);
        assertThat(numbers("/_standin/calls?after=2")).containsExactly(3);
        assertThat(numbers("/_standin/calls?character_id=ada")).containsExactly(1, 3);
    }

    @Test
    void calls_areClearedByDelete() throws IOException {
        client.connect("ada");

        assertThat(client.delete("/_standin/calls").statusCode()).isEqualTo(204);

        assertThat(standIn.calls()).isEmpty();
    }

    @Test
    void summary_countsWhatHappened() throws IOException {
        standIn.limitSessions(1, Duration.ofHours(1));
        standIn.script(FaultScript.once(Fault.status(503)));
        client.connect("ada");
        client.connect("ada");
        client.connect("ada");
        client.get("/scenes/x");
        client.get("/elsewhere");

        assertThat(json(client.get("/_standin/summary")))
                .isEqualTo(new JsonObject()
                        .put("connect_calls", 3)
                        .put("disconnect_calls", 0)
                        .put("character_list_calls", 0)
                        .put("enrichment_calls", 1)
                        .put("other_calls", 1)
                        .put("calls_recorded", 5)
                        .put("concurrent_now", 0)
                        .put("max_concurrent", 1)
                        .put("sessions_made", 1)
                        .put("sessions_held", 1)
                        .put(
                                "answers",
                                new JsonObject()
                                        .put("200", 1)
                                        .put("404", 2)
                                        .put("429", 1)
                                        .put("503", 1))
                        .put("faults", new JsonObject().put("status", 1)));
    }

    @Test
    void adminCalls_areNotRecorded() throws IOException {
        client.get("/_standin/summary");

        assertThat(standIn.calls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'path':'/connect','character_id':'ada','times':2,'fault':{'kind':'status','status':429,"
                        + "'detail':'slow down','body':null,'retry_after':'7'}}",
                "{'path':'/connect','character_id':null,'times':null,'fault':{'kind':'html','status':502,"
                        + "'body':'<p>no</p>'}}",
                "{'path':'/scenes/','character_id':null,'times':1,'fault':{'kind':'hang','for_ms':50}}",
                "{'path':'/connect','character_id':null,'times':1,'fault':{'kind':'hang'}}",
                "{'path':'/connect','character_id':null,'times':1,'fault':{'kind':'reset_before'}}",
                "{'path':'/connect','character_id':null,'times':1,'fault':{'kind':'reset_after'}}",
                "{'path':'/connect','character_id':null,'times':1,'fault':{'kind':'truncated_json'}}",
                "{'path':'/connect','character_id':null,'times':1,'fault':{'kind':'missing_fields',"
                        + "'fields':['room_url','token']}}",
                "{'path':'/connect','character_id':null,'times':1,'fault':{'kind':'delay','min_ms':1,'max_ms':2}}",
            })
    void faultOfEveryKind_isTakenAndListedAsItCame(String script) throws IOException {
        JsonObject sent = new JsonObject(script.replace('\'', '"'));

        HttpResponse<String> response = client.post("/_standin/faults", sent.encode());

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(json(response)).isEqualTo(sent);
        assertThat(json(client.get("/_standin/faults")).getJsonArray("faults")).isEqualTo(new JsonArray().add(sent));
    }

    @Test
    void faultInItsShortestForm_isForEveryCallOfConnect() throws IOException {
        client.post("/_standin/faults", "{\"fault\":{\"kind\":\"status\",\"status\":503}}");

        assertThat(client.connect("ada").statusCode()).isEqualTo(503);
        assertThat(client.connect("bob").statusCode()).isEqualTo(503);
    }

    @Test
    void shortForms_meanTheDefaults() throws IOException {
        client.post("/_standin/faults", "{\"times\":1,\"fault\":{\"kind\":\"missing_fields\"}}");
        client.post("/_standin/faults", "{\"times\":1,\"fault\":{\"kind\":\"html\",\"status\":502}}");
        client.post("/_standin/faults", "{\"times\":1,\"fault\":{\"kind\":\"delay\",\"ms\":1}}");

        assertThat(json(client.connect("ada")).containsKey("session_id")).isFalse();
        assertThat(client.connect("ada").body()).startsWith("<html>");
        assertThat(client.connect("ada").statusCode()).isEqualTo(200);
    }

    @Test
    void faults_areClearedByDelete() throws IOException {
        standIn.script(FaultScript.always(Fault.status(503)));

        assertThat(client.delete("/_standin/faults").statusCode()).isEqualTo(204);

        assertThat(client.connect("ada").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "nonsense                                    | script should be a JSON object, was no JSON",
                "[1]                                         | script should be a JSON object, was [1]",
                "{}                                          | script.fault should be an object, was absent",
                "{'fault':{}}                                | script.fault.kind should be one of status, html, ",
                "{'fault':{'kind':'fire'}}                   | missing_fields, delay, was \"fire\"",
                "{'fault':{'kind':'status'}} | script.fault.status should be a whole number from 200 to 599, was absent",
                "{'fault':{'kind':'status','status':'503'}}  | from 200 to 599, was \"503\"",
                "{'fault':{'kind':'status','status':503,'detail':'a','body':'b'}} | takes detail or body, not both",
                "{'fault':{'kind':'hang','ms':5}}            | script.fault should have only kind, for_ms, had ms",
                "{'fault':{'kind':'hang','for_ms':-1}}       | a whole number from 0 to 86400000, was -1",
                "{'fault':{'kind':'hang'},'time':1}          | should have only path, character_id, times, fault, had time",
                "{'fault':{'kind':'hang'},'times':0}         | script.times should be a whole number from 1 to ",
                "{'fault':{'kind':'hang'},'path':'connect'}  | must start with /",
                "{'fault':{'kind':'hang'},'character_id':7}  | script.character_id should be text, was 7",
                "{'fault':{'kind':'missing_fields','fields':[]}} | should be an array of at least one text, was []",
                "{'fault':{'kind':'delay','min_ms':2,'max_ms':1}} | max_ms should be no lower than min_ms, was 1",
            })
    void badFault_is400WithWhatWasExpected(String body, String expected) throws IOException {
        assertThat(badRequest(client.post("/_standin/faults", body.replace('\'', '"'))))
                .contains(expected.strip());
        assertThat(json(client.get("/_standin/faults")).getJsonArray("faults")).isEmpty();
    }

    @Test
    void latency_isSetAndTakenAway() throws IOException {
        JsonObject range = new JsonObject().put("min_ms", 1).put("max_ms", 2);

        assertThat(json(client.put("/_standin/latency", range.encode()))).isEqualTo(range);
        assertThat(json(client.get("/_standin/latency"))).isEqualTo(range);
        assertThat(client.put("/_standin/latency", "{\"ms\":5}").statusCode()).isEqualTo(200);
        assertThat(json(client.get("/_standin/latency")).getInteger("min_ms")).isEqualTo(5);
        assertThat(client.delete("/_standin/latency").statusCode()).isEqualTo(204);
        assertThat(json(client.get("/_standin/latency")).getInteger("max_ms")).isZero();
    }

    @Test
    void badLatency_is400() throws IOException {
        assertThat(detail(client.put("/_standin/latency", "{\"ms\":1,\"max_ms\":2}")))
                .isEqualTo("a latency is ms, or min_ms and max_ms, not both");
        assertThat(badRequest(client.put("/_standin/latency", "{\"min_ms\":1}")))
                .startsWith("latency.max_ms should be a whole number from 0");
    }

    @Test
    void sessionLimit_isSetAndTakenAway() throws IOException {
        assertThat(client.put("/_standin/session-limit", "{\"max_sessions\":1,\"held_for_ms\":3600000}")
                        .statusCode())
                .isEqualTo(204);
        assertThat(client.connect("ada").statusCode()).isEqualTo(200);
        assertThat(client.connect("ada").statusCode()).isEqualTo(429);

        assertThat(client.delete("/_standin/session-limit").statusCode()).isEqualTo(204);
        assertThat(client.connect("ada").statusCode()).isEqualTo(200);
    }

    @Test
    void badSessionLimit_is400() throws IOException {
        assertThat(badRequest(client.put("/_standin/session-limit", "{\"max_sessions\":1,\"held_for_ms\":-1}")))
                .startsWith("session limit.held_for_ms should be a whole number");
    }

    @Test
    void sessions_areForgottenByDelete() throws IOException {
        String session = json(client.connect("ada")).getString("character_session_id");

        assertThat(client.delete("/_standin/sessions").statusCode()).isEqualTo(204);

        assertThat(client.connect(start("ada").put("character_session_id", session))
                        .statusCode())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=x", "limit=-1", "limit=100001", "after=-1"})
    void badPage_is400(String query) throws IOException {
        assertThat(badRequest(client.get("/_standin/calls?" + query))).contains("should be a whole number from 0 to");
    }

    @Test
    void unknownAdminPath_is404() throws IOException {
        assertThat(client.get("/_standin/nonsense").statusCode()).isEqualTo(404);
        assertThat(client.post("/_standin/calls", "").statusCode()).isEqualTo(404);
    }

    private Iterable<Integer> numbers(String path) throws IOException {
        return json(client.get(path)).getJsonArray("calls").stream()
                .map(call -> ((JsonObject) call).getInteger("number"))
                .toList();
    }

    @Test
    void retryAfter_mayBeANumber() throws IOException {
        client.post("/_standin/faults", "{'fault':{'kind':'status','status':429,'retry_after':7}}".replace('\'', '"'));

        assertThat(client.get("/_standin/faults").body()).contains("\"retry_after\":\"7\"");
        assertThat(client.post(
                                "/_standin/faults",
                                "{'fault':{'kind':'status','status':429,'retry_after':1.5}}".replace('\'', '"'))
                        .body())
                .contains("retry_after should be a whole number or text, was 1.5");
    }
}
