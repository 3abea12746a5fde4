package dev.serai.trial.standin;

import static dev.serai.trial.standin.StandInClient.badRequest;
import static dev.serai.trial.standin.StandInClient.detail;
import static dev.serai.trial.standin.StandInClient.json;
import static dev.serai.trial.standin.StandInClient.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Other transports, several characters, a session as the credential, and the list of characters. */
@Timeout(120)
class StandInWiderAnswersTest extends StandInFixture {

    @Override
    protected StandInOptions options() {
        return StandInOptions.defaults()
                .withOtherApiKeys(List.of(OTHER_KEY))
                .withUnknownCharacters(Set.of("nobody"))
                .withCharacters(
                        List.of(new ListedCharacter("ada", "Ada", false), new ListedCharacter("eve", "Eve", true)));
    }

    @Test
    void websocket_isARoomWithoutNameAndToken_atAnAddressThatHoldsTheSession() throws IOException {
        JsonObject answer = json(client.connect(start("ada").put("transport", "websocket")));

        assertThat(answer.getMap()).containsEntry("room_name", null).containsEntry("token", "");
        assertThat(answer.getString("room_url"))
                .isEqualTo("wss://rooms.standin.invalid/chat?session_id=" + answer.getString("session_id"));
        assertThat(standIn.openRooms()).hasSize(1);
        client.disconnect(answer.getString("session_id"));
        assertThat(standIn.openRooms()).isEmpty();
    }

    @Test
    void eachOfSeveralCharacters_hasASessionOfItsOwn_andASlot() throws IOException {
        standIn.limitSessions(2);
        JsonObject request = new JsonObject()
                .put("characters", new JsonArray().add(start("ada")).add(start("bob")));

        JsonObject answer = json(client.connect(request));

        assertThat(answer.fieldNames())
                .contains("room_session_id", "active_membership_id", "partial_dispatch", "route_epoch", "roster_epoch");
        JsonArray characters = answer.getJsonArray("characters");
        assertThat(characters).hasSize(2);
        Set<String> ids = new HashSet<>();
        for (Object each : characters) {
            JsonObject character = (JsonObject) each;
            ids.add(character.getString("session_id"));
            ids.add(character.getString("character_session_id"));
            ids.add(character.getString("membership_id"));
            assertThat(character.getMap()).containsKeys("character_id", "provisioning_status", "failure_code");
        }
        assertThat(ids).hasSize(6).doesNotContainNull();
        assertThat(answer.getString("session_id"))
                .isEqualTo(characters.getJsonObject(0).getString("session_id"));
        assertThat(standIn.calls().getFirst().characterId()).isEqualTo("ada");
        assertThat(client.connect("cleo").statusCode()).isEqualTo(429);
        client.disconnect(characters.getJsonObject(1).getString("session_id"));
        assertThat(client.connect("cleo").statusCode()).isEqualTo(200);
    }

    @Test
    void conversationsOfSeveralCharacters_areGoneOnWith() throws IOException {
        JsonObject first = json(client.connect(new JsonObject()
                .put("characters", new JsonArray().add(start("ada")).add(start("bob")))));
        String bobs = first.getJsonArray("characters").getJsonObject(1).getString("character_session_id");

        JsonObject second = json(client.connect(new JsonObject()
                .put(
                        "characters",
                        new JsonArray().add(start("cleo")).add(start("bob").put("character_session_id", bobs)))));

        assertThat(second.getJsonArray("characters").getJsonObject(1).getString("character_session_id"))
                .isEqualTo(bobs);
    }

    @Test
    void sessionThatIsOpen_letsInOnItsAccount_untilItEnds() throws IOException {
        String session = json(client.connectAs(OTHER_KEY, start("ada"))).getString("session_id");

        assertThat(connect(null, session).statusCode()).isEqualTo(200);
        assertThat(standIn.sessionCounts().openByAccount()).containsOnlyKeys(2).containsEntry(2, 2);
        assertThat(standIn.calls().getLast().header("api-auth-token")).hasValue("***");

        client.disconnect(session);
        assertThat(connect(null, session).statusCode()).isEqualTo(401);
        assertThat(connect(null, "no-session").statusCode()).isEqualTo(401);
    }

    @Test
    void apiKey_winsOverASession() throws IOException {
        String session = json(client.connectAs(OTHER_KEY, start("ada"))).getString("session_id");

        assertThat(connect(StandInClient.API_KEY, session).statusCode()).isEqualTo(200);
        assertThat(standIn.sessionCounts().openByAccount()).containsEntry(1, 1);
        assertThat(connect("wrong", session).statusCode()).isEqualTo(401);
    }

    @Test
    void characterWithLongTermMemory_needsAnEndUser() throws IOException {
        assertThat(badRequest(client.connect("eve"))).startsWith("Missing end_user_id. ");
        assertThat(client.connect(start("eve").put("end_user_id", "u-1")).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"standin-api-key", OTHER_KEY})
    void characterList_namesThemAndWhetherTheyRemember(String key) throws IOException {
        HttpResponse<String> response = list(key);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).getJsonArray("characters"))
                .containsExactly(
                        new JsonObject()
                                .put("character_id", "ada")
                                .put("character_name", "Ada")
                                .put("memory_settings", new JsonObject().put("enabled", false)),
                        new JsonObject()
                                .put("character_id", "eve")
                                .put("character_name", "Eve")
                                .put("memory_settings", new JsonObject().put("enabled", true)));
        assertThat(standIn.sessionCounts().sessionsOpened()).isZero();
        assertThat(standIn.calls().getLast().header("convai-api-key")).hasValue("***");
        assertThat(json(client.get("/_standin/summary")).getInteger("character_list_calls"))
                .isEqualTo(1);
    }

    @Test
    void characterListWithAWrongKeyOrNone_is401_andFaultsArePlayedForIt() throws IOException {
        standIn.script(FaultScript.once(Fault.status(503)).onPath("/character/list"));

        assertThat(list("wrong").statusCode()).isEqualTo(401);
        assertThat(client.post("/character/list", "").statusCode()).isEqualTo(401);
        assertThat(list(OTHER_KEY).statusCode()).isEqualTo(503);
        assertThat(client.get("/character/list").statusCode()).isEqualTo(405);
    }

    /** The texts of section 5 that no option gives. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401 | Authentication required: API key missing",
                "403 | realtime_access_denied: Realtime access is not enabled",
                "403 | multi_character is not enabled for this account",
                "409 | shared_session_conflict: shared_session_key is in use with conflicting parameters",
                "429 | speaker_limit: the plan's number of speakers is reached",
                "429 | usage limit exceeded for current plan",
                "429 | concurrency_limit: too many concurrent sessions",
                "500 | failed to start bot",
                "503 | database_unavailable",
            })
    void textsOfTheProvider_areScripted(int status, String detail) throws IOException {
        client.post(
                "/_standin/faults",
                new JsonObject()
                        .put("times", 1)
                        .put(
                                "fault",
                                new JsonObject()
                                        .put("kind", "status")
                                        .put("status", status)
                                        .put("detail", detail))
                        .encode());

        HttpResponse<String> response = client.connect("ada");

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(detail(response)).isEqualTo(detail);
        assertThat(standIn.sessionCounts().sessionsOpened()).isZero();
    }

    private HttpResponse<String> connect(@Nullable String apiKey, String session) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(client.uri("/connect"))
                .header("API-AUTH-TOKEN", session)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(start("ada").encode()));
        if (apiKey != null) {
            request.header("X-API-Key", apiKey);
        }
        return client.send(request.build());
    }

    private HttpResponse<String> list(String apiKey) throws IOException {
        return client.send(HttpRequest.newBuilder(client.uri("/character/list"))
                .header("CONVAI-API-KEY", apiKey)
                .POST(BodyPublishers.noBody())
                .build());
    }
}
