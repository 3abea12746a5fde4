package dev.serai.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.FailingStep;
import dev.serai.testing.RouteFiles;
import dev.serai.testing.RunningSerai;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import dev.serai.trial.standin.RecordedCall;
import dev.serai.trial.standin.SessionRules;
import dev.serai.trial.standin.SessionRules.DisconnectEnds;
import dev.serai.trial.standin.SessionRules.SecondCreate;
import dev.serai.trial.standin.SharedKeyUse;
import dev.serai.wire.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With one room per event, calls whose answers are lost come to the room that the first of them opened. */
@BesideOthers
@Timeout(120)
class OneRoomPerEventTest {
    @AutoClose
    private static RunningSerai serai;

    @BeforeAll
    static void start() {
        serai = new RunningSerai(RunningSerai.withoutSources(Map.of(
                "serai.connect.one-room-per-event",
                "shared-session-key",
                "serai.routes-dir",
                RouteFiles.copyWithFailingStep("send-reply").toString())));
    }

    /** Also sets how the stand-in reads a second call that would make a room; for tests of one thread. */
    private static void second(SecondCreate reading) {
        serai.standIn().sessionRules(SessionRules.defaults().withSecondCreate(reading));
    }

    private static JsonNode replyTo(String character, String further) {
        String event = UUID.randomUUID().toString();
        serai.publish(
                UUID.randomUUID().toString(),
                "{\"event_id\":\"" + event + "\",\"character_id\":\"" + character + "\"" + further + "}");
        return serai.replyTo(event);
    }

    private static List<JsonNode> requests(String character) {
        return serai.connectCalls(character).stream()
                .map(RecordedCall::body)
                .map(OneRoomPerEventTest::json)
                .toList();
    }

    private static JsonNode json(String text) {
        try {
            return Json.MAPPER.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SharedKeyUse use(JsonNode request) {
        return serai.standIn().sharedKeys().stream()
                .filter(use -> use.sharedSessionKey()
                        .equals(request.path("shared_session_key").asText()))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource
    void lostAnswers_costNoSecondRoom(SecondCreate reading) {
        second(reading);
        String character = UUID.randomUUID().toString();
        serai.standIn().script(FaultScript.times(2, new Fault.ResetAfter()).forCharacter(character));

        JsonNode reply = replyTo(character, "");

        assertThat(reply.path("status").asText()).isEqualTo("started");
        assertThat(reply.path("possible_duplicate_session").asBoolean()).isFalse();
        JsonNode request = requests(character).getFirst();
        assertThat(request.path("mode").asText()).isEqualTo("create");
        assertThat(use(request).roomsCreated()).isEqualTo(1);
        assertThat(serai.standIn().openRooms().stream()
                        .filter(room -> room.characterIds().contains(character))
                        .map(room -> room.roomName()))
                .containsExactly(reply.path("room_name").asText());
    }

    /** A call of the same event by a replica that was killed meanwhile is still on its way. */
    @Test
    void roomThatIsBeingMade_isWaitedFor() {
        second(SecondCreate.CONFLICT);
        String character = UUID.randomUUID().toString();
        serai.standIn().script(FaultScript.once(new Fault.ResetAfter()).forCharacter(character));
        serai.standIn()
                .script(FaultScript.times(1, Fault.status(409, "shared_session_conflict"))
                        .forCharacter(character));
        serai.standIn()
                .script(FaultScript.times(1, Fault.status(404, "Room not found"))
                        .forCharacter(character));

        JsonNode reply = replyTo(character, "");

        assertThat(reply.path("status").asText()).isEqualTo("started");
        assertThat(requests(character))
                .extracting(request -> request.path("mode").asText())
                .containsExactly("create", "create", "join", "create", "join");
        assertThat(requests(character).getLast().path("spawn_agent").asBoolean(true))
                .isFalse();
        assertThat(use(requests(character).getFirst()).roomsCreated()).isEqualTo(1);
    }

    @Test
    void eventsHaveRoomsOfTheirOwn() {
        second(SecondCreate.SAME_ROOM);
        String character = UUID.randomUUID().toString();

        assertThat(replyTo(character, "").path("room_name"))
                .isNotEqualTo(replyTo(character, "").path("room_name"));
    }

    @Test
    void eventThatNamesItsOwnKey_isLeftAlone() {
        second(SecondCreate.CONFLICT);
        String character = UUID.randomUUID().toString();

        JsonNode reply =
                replyTo(character, ",\"connect_options\":{\"shared_session_key\":\"ours\",\"mode\":\"create\"}");

        assertThat(reply.path("status").asText()).isEqualTo("started");
        assertThat(requests(character).getFirst().path("shared_session_key").asText())
                .isEqualTo("ours");
    }

    @Test
    void eventWhoseLastAnswerIsLost_saysThatItMayHaveLeftASession() {
        String character = UUID.randomUUID().toString();
        serai.standIn().script(FaultScript.always(new Fault.ResetAfter()).forCharacter(character));

        JsonNode reply = replyTo(character, "");

        assertThat(reply.at("/error/category").asText()).isEqualTo("outcome_unknown");
        assertThat(reply.path("possible_duplicate_session").asBoolean()).isTrue();
    }

    /** Under the key of the event there is the room of its failed turn, which is about to be closed. */
    @ParameterizedTest
    @EnumSource
    void failedEventThatIsSentAgain_isNotGivenTheRoomThatIsBeingClosed(SecondCreate reading) {
        serai.standIn()
                .sessionRules(
                        SessionRules.defaults().withSecondCreate(reading).withDisconnectEnds(DisconnectEnds.ROOM));
        String character = UUID.randomUUID().toString();
        String event = UUID.randomUUID().toString();
        String caller = UUID.randomUUID().toString();
        String start = "{\"event_id\":\"" + event + "\",\"character_id\":\"" + character + "\"}";
        long disconnectsBefore = disconnects();
        FailingStep.failFor(event, () -> new IllegalStateException("a defect of a test"));
        serai.standIn()
                .script(FaultScript.times(2, Fault.status(500, "try again")).onPath("/disconnect"));
        serai.publish(caller, start);
        assertThat(serai.replyTo(event).path("status").asText()).isEqualTo("failed");
        FailingStep.failFor(event, () -> null);

        serai.awaitCommitted(serai.publish(caller, start));

        JsonNode reply = serai.repliesTo(event).getLast();
        assertThat(reply.path("status").asText()).isEqualTo("started");
        await("end of the room that was given up")
                .atMost(Duration.ofSeconds(20))
                .until(() -> disconnects() > disconnectsBefore);
        assertThat(serai.standIn().openRooms().stream().map(room -> room.roomName()))
                .as("the caller's room")
                .contains(reply.path("room_name").asText());
    }

    /** Its session is known: it is the one that keeps the room open, and the character in it. */
    @Test
    void roomWhoseFirstAnswerLacksItsToken_isClosedByAnEndEvent() {
        second(SecondCreate.CONFLICT);
        List<String> callers =
                Stream.generate(() -> UUID.randomUUID().toString()).limit(8).toList();
        for (String caller : callers) {
            serai.standIn()
                    .script(FaultScript.once(new Fault.MissingFields(Set.of("token")))
                            .forCharacter(caller));
        }
        for (String caller : callers) {
            serai.publish(caller, "{\"event_id\":\"" + caller + "\",\"character_id\":\"" + caller + "\"}");
            serai.publish(caller, "{\"event_id\":\"end-" + caller + "\",\"action\":\"end\",\"character_id\":\"none\"}");
        }
        for (String caller : callers) {
            serai.replyTo("end-" + caller);
            serai.publish(caller, "{\"event_id\":\"really-" + caller + "\",\"action\":\"end\"}");
        }

        for (String caller : callers) {
            serai.replyTo("really-" + caller);
        }
        await("ends").atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(
                        serai.standIn().openRooms().stream().flatMap(room -> room.characterIds().stream()))
                .doesNotContainAnyElementsOf(callers));
    }

    private static long disconnects() {
        return serai.standIn().calls().stream()
                .filter(call -> call.path().startsWith("/disconnect") && Objects.equals(call.status(), 200))
                .count();
    }
}
