package dev.serai.trial.standin;

import static dev.serai.trial.standin.StandInClient.detail;
import static dev.serai.trial.standin.StandInClient.json;
import static dev.serai.trial.standin.StandInClient.problem;
import static dev.serai.trial.standin.StandInClient.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.trial.standin.SessionRules.DisconnectEnds;
import dev.serai.trial.standin.SessionRules.SecondCreate;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One room for one key (contract, section 4). */
@Timeout(120)
class StandInSharedKeyTest extends StandInFixture {

    @Override
    protected StandInOptions options() {
        return StandInOptions.defaults().withOtherApiKeys(List.of(OTHER_KEY));
    }

    @Test
    void join_givesAFreshTokenAndSessionForTheSameRoom_andTakesNoSlot() throws IOException {
        standIn.limitSessions(1);
        JsonObject made = json(client.connect(create("k")));

        HttpResponse<String> response = client.connect(join("k"));

        assertThat(response.statusCode()).isEqualTo(200);
        JsonObject joined = json(response);
        assertThat(joined.getString("room_name")).isEqualTo(made.getString("room_name"));
        assertThat(joined.getString("character_session_id")).isEqualTo(made.getString("character_session_id"));
        assertThat(joined.getString("session_id")).isNotEqualTo(made.getString("session_id"));
        assertThat(joined.getString("token")).isNotEqualTo(made.getString("token"));
        assertThat(standIn.sharedKeys()).containsExactly(new SharedKeyUse(1, "k", 1, 2, 2));
        assertThat(standIn.openRooms())
                .containsExactly(new OpenRoom(made.getString("room_name"), 1, List.of("ada"), "k", null, null, 2, 1));
    }

    @Test
    void joinThatBringsTheCharacter_takesASlot() throws IOException {
        standIn.limitSessions(1);
        client.connect(create("k"));

        assertThat(client.connect(create("k").put("mode", "join")).statusCode()).isEqualTo(429);
    }

    @Test
    void secondCreate_is409() throws IOException {
        client.connect(create("k").put("mode", "create"));

        HttpResponse<String> response = client.connect(create("k"));

        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(detail(response)).isEqualTo("shared_session_conflict: shared_session_key is in use");
        assertThat(standIn.sharedKeys()).containsExactly(new SharedKeyUse(1, "k", 1, 1, 1));
    }

    @Test
    void secondCreate_byTheOtherReading_isTheSameRoom() throws IOException {
        standIn.sessionRules(SessionRules.defaults().withSecondCreate(SecondCreate.SAME_ROOM));
        standIn.limitSessions(1);
        JsonObject made = json(client.connect(create("k")));

        JsonObject second = json(client.connect(create("k")));

        assertThat(second.getString("room_name")).isEqualTo(made.getString("room_name"));
        assertThat(second.getString("session_id")).isNotEqualTo(made.getString("session_id"));
        assertThat(standIn.sharedKeys()).containsExactly(new SharedKeyUse(1, "k", 1, 2, 2));
    }

    @ParameterizedTest
    @CsvSource({"conflict, character_id, bob", "same_room, character_id, bob", "same_room, connection_type, video"})
    void secondCreateWithOtherParameters_is409_inBothReadings(String reading, String field, String value)
            throws IOException {
        client.put("/_standin/session-rules", "{\"second_create\":\"" + reading + "\"}");
        client.connect(create("k"));

        HttpResponse<String> response = client.connect(create("k").put(field, value));

        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(detail(response)).endsWith("in use with conflicting parameters");
    }

    @Test
    void joinOfNoRoom_is404ThatNamesTheKey() throws IOException {
        HttpResponse<String> never = client.connect(join("k"));
        client.disconnect(json(client.connect(create("k"))).getString("session_id"));
        HttpResponse<String> gone = client.connect(join("k"));

        assertThat(List.of(never.statusCode(), gone.statusCode())).containsExactly(404, 404);
        assertThat(detail(never)).isEqualTo("Room not found for shared_session_key 'k'");
        assertThat(detail(gone)).isEqualTo(detail(never));
    }

    @Test
    void keyWhoseRoomIsGone_makesAnother() throws IOException {
        client.disconnect(json(client.connect(create("k"))).getString("session_id"));

        assertThat(client.connect(create("k")).statusCode()).isEqualTo(200);
        assertThat(standIn.sharedKeys()).containsExactly(new SharedKeyUse(1, "k", 2, 2, 1));
    }

    @Test
    void disconnectOfOneSession_leavesTheRoomToTheOthers() throws IOException {
        standIn.limitSessions(1);
        String made = json(client.connect(create("k"))).getString("session_id");
        String joined = json(client.connect(join("k"))).getString("session_id");

        client.disconnect(joined);
        assertThat(client.connect("bob").statusCode())
                .as("the character keeps its slot")
                .isEqualTo(429);
        assertThat(client.connect(join("k")).statusCode()).isEqualTo(200);

        client.disconnect(made);
        assertThat(client.connect("bob").statusCode()).isEqualTo(200);
        assertThat(client.connect(create("k")).statusCode())
                .as("one is still in the room")
                .isEqualTo(409);
    }

    @Test
    void disconnectOfOneSession_byTheOtherReading_endsTheRoom() throws IOException {
        standIn.sessionRules(SessionRules.defaults().withDisconnectEnds(DisconnectEnds.ROOM));
        standIn.limitSessions(1);
        client.connect(create("k"));
        String joined = json(client.connect(join("k"))).getString("session_id");

        client.disconnect(joined);

        assertThat(standIn.sessionCounts().openSessions()).isZero();
        assertThat(standIn.sessionCounts().ended())
                .containsOnlyKeys(SessionCounts.End.DISCONNECTED, SessionCounts.End.ROOM_ENDED);
        assertThat(client.connect(create("k")).statusCode()).isEqualTo(200);
    }

    @Test
    void sameKeyOfAnotherAccount_isAnotherRoom() throws IOException {
        client.connect(create("k"));

        assertThat(client.connectAs(OTHER_KEY, join("k")).statusCode()).isEqualTo(404);
        assertThat(client.connectAs(OTHER_KEY, create("k")).statusCode()).isEqualTo(200);
        assertThat(standIn.sharedKeys()).extracting(SharedKeyUse::account).containsExactly(1, 2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'shared_session_key':''}             | string_pattern_mismatch | shared_session_key",
                "{'shared_session_key':'a b'}          | string_pattern_mismatch | shared_session_key",
                "{'shared_session_key':7}              | string_type             | shared_session_key",
                "{'shared_session_key':'k','mode':'x'} | literal_error           | mode",
                "{'mode':'join'}                       | missing                 | shared_session_key",
                "{'spawn_agent':'no'}                  | bool_type               | spawn_agent",
            })
    void wrongField_is422(String fields, String type, String field) throws IOException {
        JsonObject problem = problem(client.connect(start("ada").mergeIn(new JsonObject(fields.replace('\'', '"')))));

        assertThat(problem.getString("type")).isEqualTo(type);
        assertThat(problem.getJsonArray("loc"))
                .isEqualTo(new JsonArray().add("body").add(field));
    }

    @Test
    void keyOf128Characters_isTheLongest() throws IOException {
        assertThat(client.connect(create("k".repeat(128))).statusCode()).isEqualTo(200);
        assertThat(client.connect(create("k".repeat(129))).statusCode()).isEqualTo(422);
    }

    private static JsonObject create(String key) {
        return start("ada").put("shared_session_key", key);
    }

    private static JsonObject join(String key) {
        return create(key).put("mode", "join").put("spawn_agent", false);
    }
}
