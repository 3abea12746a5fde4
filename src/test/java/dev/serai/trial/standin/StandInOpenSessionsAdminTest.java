package dev.serai.trial.standin;

import static dev.serai.trial.standin.StandInClient.badRequest;
import static dev.serai.trial.standin.StandInClient.json;
import static dev.serai.trial.standin.StandInClient.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the admin API says of open sessions, and how it changes the rules. */
@Timeout(120)
class StandInOpenSessionsAdminTest extends StandInFixture {

    @Override
    protected StandInOptions options() {
        return StandInOptions.defaults()
                .withOtherApiKeys(List.of(OTHER_KEY))
                .withSessionRules(SessionRules.defaults().withIdleAfter(Duration.ofHours(1)));
    }

    @Test
    void openSessions_areCountedByAccount_withoutALimitToo() throws IOException {
        client.disconnect(json(client.connect("ada")).getString("session_id"));
        client.connect("ada");
        client.connect(start("ada").put("spawn_agent", false));
        client.connectAs(OTHER_KEY, start("bob"));

        assertThat(json(client.get("/_standin/open-sessions")))
                .isEqualTo(new JsonObject()
                        .put("rooms_created", 4)
                        .put("sessions_opened", 4)
                        .put("open_rooms", 3)
                        .put("open_sessions", 3)
                        .put(
                                "open_sessions_by_account",
                                new JsonObject().put("1", 2).put("2", 1))
                        .put("slots_by_account", new JsonObject().put("1", 1).put("2", 1))
                        .put("ended", new JsonObject().put("disconnected", 1)));
    }

    @Test
    void rooms_areListedWithWhatTheyWereMadeFor_andNoCredential() throws IOException {
        JsonObject answer = json(client.connect(start("ada")
                .put("shared_session_key", "k")
                .put("speaker_id", "s-1")
                .put("end_user_id", "u-1")));

        String listed = client.get("/_standin/rooms").body();

        assertThat(new JsonObject(listed).getJsonArray("rooms"))
                .containsExactly(new JsonObject()
                        .put("room_name", answer.getString("room_name"))
                        .put("account", 1)
                        .put("character_ids", new JsonArray().add("ada"))
                        .put("shared_session_key", "k")
                        .put("speaker_id", "s-1")
                        .put("end_user_id", "u-1")
                        .put("open_sessions", 1)
                        .put("slots", 1));
        assertThat(listed).doesNotContain(answer.getString("session_id"), answer.getString("token"));
    }

    @Test
    void sharedKeys_areListedWithTheRoomsTheyMade() throws IOException {
        JsonObject create = start("ada").put("shared_session_key", "k");
        client.disconnect(json(client.connect(create)).getString("session_id"));
        client.connect(create);

        assertThat(json(client.get("/_standin/shared-keys")).getJsonArray("shared_keys"))
                .containsExactly(new JsonObject()
                        .put("account", 1)
                        .put("shared_session_key", "k")
                        .put("rooms_created", 2)
                        .put("sessions_opened", 2)
                        .put("open_sessions", 1));
    }

    @Test
    void roomThatItsCallerNeverLearnedOf_countsToo() throws IOException {
        standIn.script(FaultScript.once(Fault.missingFields()));
        client.connect("ada");

        assertThat(standIn.sessionCounts().openSessions()).isEqualTo(1);
        assertThat(standIn.sessionCounts().roomsCreated()).isEqualTo(1);
    }

    @Test
    void rules_areChangedOneByOne_andTakenBackToThoseOfTheStart() throws IOException {
        JsonObject start = json(client.get("/_standin/session-rules"));
        assertThat(start)
                .isEqualTo(new JsonObject()
                        .put("gone_session", "not_found")
                        .put("foreign_session", "forbidden")
                        .put("second_create", "conflict")
                        .put("disconnect_ends", "session")
                        .put("idle_after_ms", 3_600_000));

        client.put("/_standin/session-rules", "{\"gone_session\":\"invalid_uuid\",\"disconnect_ends\":\"room\"}");
        HttpResponse<String> changed = client.put("/_standin/session-rules", "{\"idle_after_ms\":null}");

        assertThat(json(changed))
                .isEqualTo(start.copy()
                        .put("gone_session", "invalid_uuid")
                        .put("disconnect_ends", "room")
                        .put("idle_after_ms", null));
        assertThat(client.delete("/_standin/session-rules").statusCode()).isEqualTo(204);
        assertThat(json(client.get("/_standin/session-rules"))).isEqualTo(start);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'second_create':'maybe'}  | session rules.second_create should be one of conflict, same_room, was",
                "{'disconnect_ends':null}   | session rules.disconnect_ends should be one of session, room, was absent",
                "{'gone_session':404}       | one of not_found, invalid_character_session_id, invalid_session_id_text",
                "{'foreign_session':'x'}    | should be one of forbidden, unclear, gone, was",
                "{'idle_after_ms':0}        | session rules.idle_after_ms should be a whole number from 1 to",
                "{'idle_after':5}           | session rules should have only gone_session, ",
            })
    void badRules_are400_andChangeNothing(String body, String expected) throws IOException {
        assertThat(badRequest(client.put("/_standin/session-rules", body.replace('\'', '"'))))
                .contains(expected.strip());
        assertThat(json(client.get("/_standin/session-rules")).getString("second_create"))
                .isEqualTo("conflict");
    }
}
