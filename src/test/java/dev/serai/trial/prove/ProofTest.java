package dev.serai.trial.prove;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.trial.guarantee.CommittedToTheEnd;
import dev.serai.trial.guarantee.CommittedToTheEnd.Position;
import dev.serai.trial.guarantee.History;
import dev.serai.trial.guarantee.NoSecretElsewhere;
import dev.serai.trial.guarantee.PublishedEvent;
import dev.serai.trial.guarantee.SeenCall;
import dev.serai.trial.guarantee.SeenDeadLetter;
import dev.serai.trial.guarantee.SeenReply;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Each promise is seen to be broken by evidence against it, and by nothing else. */
class ProofTest {
    private static final Instant START = Instant.parse("2026-01-31T10:00:00Z");
    private static final TrialPlan PLAN = new TrialPlan(4711, 20, 1, 0, 2, 2, false, Duration.ofMinutes(5));
    private static final TrialNames NAMES = new TrialNames("serai-prove", "abc123");

    private final List<PublishedEvent> published = new ArrayList<>(List.of(
            new PublishedEvent("a-1", "a", "guide", false, false),
            new PublishedEvent("a-2", "a", "guide", false, false),
            new PublishedEvent("b-1", "b", "guide", false, true)));
    private final List<SeenCall> calls = new ArrayList<>(List.of(call("a-1", "p", 0), call("a-2", "p", 100)));
    private final List<SeenReply> replies = new ArrayList<>(List.of(
            new SeenReply("a-1", "a", true, "s", "new", 1, false),
            new SeenReply("a-2", "a", true, "s", "resumed", 1, false),
            new SeenReply("b-1", "b", false, null, null, 0, false)));
    private final List<SeenDeadLetter> deadLetters = new ArrayList<>(List.of(new SeenDeadLetter("b-1")));
    private final List<String> leaks = new ArrayList<>();
    private long committed = 3;

    private static SeenCall call(String event, String process, int atMillis) {
        return new SeenCall(
                event,
                event.substring(0, 1),
                process,
                START.plusMillis(atMillis),
                START.plusMillis(atMillis + 50),
                true,
                false,
                true,
                "room-" + event + "-" + process);
    }

    private Proof proof() {
        Map<String, Instant> acknowledged = new HashMap<>();
        Map<String, Instant> answered = new HashMap<>();
        published.forEach(event -> acknowledged.put(event.eventId(), START));
        replies.forEach(reply -> answered.put(reply.eventId(), START.plusMillis(200)));
        History history = new History(published, calls, replies, deadLetters, List.of(), Set.of(), List.of());
        return Proof.of(
                PLAN,
                NAMES,
                new TrialEvidence(
                        history,
                        new CommittedToTheEnd(new TreeMap<>(Map.of(0, new Position(3, committed)))),
                        new NoSecretElsewhere(4, 2, leaks),
                        acknowledged,
                        answered,
                        List.of("a-1"),
                        List.of("a-2", "b-1"),
                        Duration.ofSeconds(2),
                        null),
                List.of());
    }

    private void assertBroken(String promise, String breach) {
        Proof proof = proof();
        assertThat(proof.isKept()).isFalse();
        assertThat(proof.verdicts())
                .filteredOn(verdict -> !verdict.isKept())
                .singleElement()
                .satisfies(verdict -> {
                    assertThat(verdict.name()).isEqualTo(promise);
                    assertThat(verdict.breaches()).singleElement().asString().startsWith(breach);
                });
        assertThat(proof.lines()).anyMatch(line -> line.startsWith("BROKEN  ")).anyMatch(line -> line.strip()
                .startsWith(breach));
    }

    @Test
    void runWithoutABreach_hasHeld_andSaysSoInNumbers() {
        Proof proof = proof();

        assertThat(proof.isKept()).isTrue();
        assertThat(proof.lines())
                .filteredOn(line -> line.startsWith("held    "))
                .hasSize(10);
        assertThat(proof.lines())
                .contains(
                        "publishing to reply, without trouble: median 0.20 s, 95 % within 0.20 s, longest 0.20 s (1 events)");
        JsonNode json = proof.json();
        assertThat(json.path("held").asBoolean()).isTrue();
        assertThat(json.path("seed").asLong()).isEqualTo(4711);
        assertThat(json.path("run").asText()).isEqualTo("serai-prove-abc123");
        assertThat(json.at("/reply_ms_with_trouble/events").asInt()).isEqualTo(2);
        assertThat(json.at("/promises/0/name").asText()).isEqualTo("nothing_lost");
    }

    @Test
    void lostReply_breaksNothingLost() {
        replies.remove(1);

        assertBroken("NothingLost", "a-2 has no reply");
    }

    @Test
    void doubledReply_breaksOneReplyPerEvent() {
        replies.add(replies.getFirst());

        assertBroken("OneReplyPerEvent", "a-1 has 2 replies");
    }

    @Test
    void swappedReplies_breakTheOrder() {
        Collections.swap(replies, 0, 1);

        assertBroken("OrderPerConversation", "a: a-1 was answered after a-2");
    }

    @Test
    void callsAtOnce_breakOneCallAtATime() {
        calls.set(1, call("a-2", "p", 20));

        assertBroken("OneCallAtATime", "a: the call for a-2");
    }

    @Test
    void newSessionOfAKnownConversation_breaksTheChain() {
        replies.set(1, new SeenReply("a-2", "a", true, "other", "new", 1, false));

        assertBroken("SessionChain", "a-2 follows a-1");
    }

    @Test
    void secondCallWithoutAReason_isNeedless() {
        calls.add(new SeenCall("b-1", "b", "p", START.plusMillis(400), START.plusMillis(450), true, true, false, null));

        assertBroken("NoNeedlessCall", "b-1 was called for");
    }

    @Test
    void secondRoomThatTheReplyHides_isABreach() {
        calls.add(call("a-2", "p", 300));
        replies.set(1, new SeenReply("a-2", "a", true, "s", "resumed", 2, false));

        assertBroken("NoSecondRoomUnsaid", "a-2 was given 2 sessions");
    }

    @Test
    void secondDeadLetterOfAMistake_isABreach() {
        deadLetters.add(new SeenDeadLetter("b-1"));

        assertThat(proof().verdicts())
                .filteredOn(verdict -> !verdict.isKept())
                .extracting(Proof.Verdict::name)
                .containsExactly("OneReplyPerEvent", "MistakesDeadLettered");
    }

    @Test
    void roomForAMistake_isABreach() {
        replies.set(2, new SeenReply("b-1", "b", true, "t", "new", 1, false));
        deadLetters.clear();

        assertBroken("MistakesDeadLettered", "b-1 has a mistake and was given a room");
    }

    @Test
    void offsetBeforeTheEnd_isABreach() {
        committed = 2;

        assertBroken("CommittedToTheEnd", "partition 0 of the start topic is committed up to 2 and ends at 3");
    }

    @Test
    void tokenInALog_isABreach() {
        leaks.add("the log of replica-1-1 has 1 tokens or session ids");

        assertBroken("NoSecretElsewhere", "the log of replica-1-1 has 1");
    }
}
