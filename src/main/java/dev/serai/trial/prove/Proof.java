package dev.serai.trial.prove;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.trial.guarantee.Guarantee;
import dev.serai.trial.guarantee.Guarantees;
import dev.serai.trial.guarantee.History;
import dev.serai.trial.guarantee.Interruption;
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
    private static final int EXAMPLES = 10;

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
        List<String> lines = new ArrayList<>();
        verdicts.stream()
                .sorted((one, other) -> Boolean.compare(other.isKept(), one.isKept()))
                .forEach(verdict -> {
                    lines.add((verdict.isKept() ? "held    " : "BROKEN  ") + verdict.promise());
                    verdict.breaches().stream().limit(EXAMPLES).forEach(breach -> lines.add("        " + breach));
                    if (verdict.breaches().size() > EXAMPLES) {
                        lines.add("        and " + (verdict.breaches().size() - EXAMPLES) + " more: --json has all");
                    }
                });
        lines.add("");
        History history = evidence.history();
        lines.add(history.published().size() + " events of " + conversations() + " conversations, "
                + history.replies().size() + " replies, "
                + history.deadLetters().size() + " dead letters, in "
                + seconds(evidence.time()));
        lines.add(counted(history.kills().size(), "kill") + " and "
                + counted(history.interruptions().size(), "freeze") + frozen() + "; the provider was called "
                + history.calls().size() + " times");
        lines.add(counted(NoSecondRoomUnsaid.surplus(history), "session")
                + (plan.oneRoomPerEvent() ? " in rooms that were there, " : " beyond one for each event, ")
                + counted(doubtful(), "reply that says so", "replies that say so") + "; "
                + evidence.secrets().secrets() + " secrets looked for");
        lines.add("publishing to reply, without trouble: " + text(times(evidence.calm())));
        if (plan.troubles() > 0) {
            lines.add("publishing to reply, with kills and freezes: " + text(times(evidence.troubled())));
        }
        lines.add("longest gap, in which events waited and no call began: " + seconds(gap()));
        if (evidence.timeUp() != null) {
            lines.add("the limit has come: " + evidence.timeUp());
        }
        return lines;
    }

    private static String counted(long count, String one) {
        return counted(count, one, one + "s");
    }

    private static String counted(long count, String one, String several) {
        return count + " " + (count == 1 ? one : several);
    }

    private static String text(ReplyTimes times) {
        return "median " + seconds(times.median()) + ", 95 % within " + seconds(times.percentile95()) + ", longest "
                + seconds(times.longest()) + " (" + times.count() + " events)";
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.2f s", time.toMillis() / 1e3);
    }

    private String frozen() {
        List<Interruption> interruptions = evidence.history().interruptions();
        return interruptions.isEmpty()
                ? ""
                : " ("
                        + String.join(
                                ", ",
                                interruptions.stream()
                                        .map(freeze -> seconds(Duration.between(freeze.from(), freeze.until())))
                                        .toList())
                        + ")";
    }

    private long conversations() {
        return evidence.history().published().stream()
                .map(event -> event.conversation())
                .distinct()
                .count();
    }

    private long doubtful() {
        return evidence.history().replies().stream()
                .filter(SeenReply::possibleDuplicate)
                .count();
    }

    private ReplyTimes times(List<String> events) {
        return ReplyTimes.of(events, evidence.acknowledged(), evidence.answered());
    }

    /** Of events that were answered: what never was is a breach, and its wait has no end. */
    private Duration gap() {
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
