package dev.serai.trial.prove;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.trial.guarantee.Guarantee;
import dev.serai.trial.guarantee.Guarantees;
import dev.serai.trial.guarantee.History;
import dev.serai.trial.guarantee.NoSecondRoomUnsaid;
import dev.serai.trial.guarantee.SeenCall;
import dev.serai.trial.guarantee.SeenReply;
import dev.serai.trial.guarantee.Standstill;
import dev.serai.wire.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Which promises a run has seen kept, with the figures. Immutable.
 *
 * @param verdicts each promise with its breaches
 * @param left what of the run could not be deleted, each with the reason
 */
public record Proof(
        TrialPlan plan, TrialNames names, TrialEvidence evidence, List<Verdict> verdicts, List<String> left) {
    /**
     * One promise.
     *
     * @param breaches each names its event or conversation; empty if the promise was kept
     */
    public record Verdict(String name, String promise, List<String> breaches) {
        public Verdict {
            breaches = List.copyOf(breaches);
        }

        static Verdict of(Guarantee guarantee, History history) {
            return new Verdict(guarantee.name(), guarantee.promise(), guarantee.breaches(history));
        }

        public boolean isKept() {
            return breaches.isEmpty();
        }
    }

    public Proof {
        verdicts = List.copyOf(verdicts);
        left = List.copyOf(left);
    }

    static Proof of(TrialPlan plan, TrialNames names, TrialEvidence evidence, List<String> left) {
        List<Verdict> verdicts = Stream.concat(
                        Guarantees.all(TrialSettings.MOST_HELD, plan.oneRoomPerEvent(), false).stream(),
                        Stream.of(evidence.committed(), evidence.secrets()))
                .map(guarantee -> Verdict.of(guarantee, evidence.history()))
                .toList();
        return new Proof(plan, names, evidence, verdicts, left);
    }

    public boolean isKept() {
        return verdicts.stream().allMatch(Verdict::isKept);
    }

    /** For people. */
    public List<String> lines() {
        return ProofText.lines(this);
    }

    long conversations() {
        return evidence.history().published().stream()
                .map(event -> event.conversation())
                .distinct()
                .count();
    }

    /** Replies that say that there may be a session beyond theirs. */
    long doubtful() {
        return evidence.history().replies().stream()
                .filter(SeenReply::possibleDuplicate)
                .count();
    }

    /** Of events that were answered, from their publishing on. */
    ReplyTimes times(List<String> events) {
        return ReplyTimes.of(events, evidence.acknowledged(), evidence.answered());
    }

    /** Of events that were answered: what never was is a breach, and its wait has no end. */
    Duration gap() {
        List<Standstill.Wait> waits = new ArrayList<>();
        evidence.acknowledged().forEach((event, from) -> {
            Instant until = evidence.answered().get(event);
            if (until != null && from.isBefore(until)) {
                waits.add(new Standstill.Wait(from, until));
            }
        });
        List<Instant> calls =
                evidence.history().calls().stream().map(SeenCall::receivedAt).toList();
        return Standstill.longest(waits, calls).map(Standstill::length).orElse(Duration.ZERO);
    }

    /** For machines. */
    public ObjectNode json() {
        History history = evidence.history();
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("held", isKept())
                .put("seed", plan.seed())
                .put("run", names.group())
                .put("events", history.published().size())
                .put("conversations", conversations())
                .put("replies", history.replies().size())
                .put("dead_letters", history.deadLetters().size())
                .put("calls", history.calls().size())
                .put("sessions_beyond_one_per_event", NoSecondRoomUnsaid.surplus(history))
                .put("replies_with_possible_duplicate_session", doubtful())
                .put("secrets_looked_for", evidence.secrets().secrets())
                .put("kills", history.kills().size())
                .put("freezes", history.interruptions().size())
                .put("took_ms", evidence.time().toMillis())
                .put("longest_gap_ms", gap().toMillis())
                .put("time_up", evidence.timeUp());
        json.set("reply_ms_without_trouble", json(times(evidence.calm())));
        json.set("reply_ms_with_trouble", json(times(evidence.troubled())));
        ArrayNode promises = json.putArray("promises");
        verdicts.forEach(verdict -> {
            ObjectNode promise = promises.addObject()
                    .put("name", snakeCase(verdict.name()))
                    .put("promise", verdict.promise())
                    .put("held", verdict.isKept());
            verdict.breaches().forEach(promise.putArray("breaches")::add);
        });
        left.forEach(json.putArray("not_deleted")::add);
        return json;
    }

    private static ObjectNode json(ReplyTimes times) {
        return Json.MAPPER
                .createObjectNode()
                .put("events", times.count())
                .put("median", times.median().toMillis())
                .put("p95", times.percentile95().toMillis())
                .put("longest", times.longest().toMillis());
    }

    private static String snakeCase(String name) {
        return name.replaceAll("(?<=.)([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
