package dev.serai.trial.prove;

import dev.serai.trial.guarantee.History;
import dev.serai.trial.guarantee.Interruption;
import dev.serai.trial.guarantee.NoSecondRoomUnsaid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A {@link Proof} for people. Stateless. */
final class ProofText {
    private static final int EXAMPLES = 10;

    private ProofText() {}

    static List<String> lines(Proof proof) {
        TrialEvidence evidence = proof.evidence();
        History history = evidence.history();
        List<String> lines = new ArrayList<>();
        proof.verdicts().stream()
                .sorted((one, other) -> Boolean.compare(other.isKept(), one.isKept()))
                .forEach(verdict -> {
                    lines.add((verdict.isKept() ? "held    " : "BROKEN  ") + verdict.promise());
                    verdict.breaches().stream().limit(EXAMPLES).forEach(breach -> lines.add("        " + breach));
                    if (verdict.breaches().size() > EXAMPLES) {
                        lines.add("        and " + (verdict.breaches().size() - EXAMPLES) + " more: --json has all");
                    }
                });
        lines.add("");
        lines.add(history.published().size() + " events of " + proof.conversations() + " conversations, "
                + history.replies().size() + " replies, "
                + history.deadLetters().size() + " dead letters, in "
                + seconds(evidence.time()));
        lines.add(counted(history.kills().size(), "kill") + " and "
                + counted(history.interruptions().size(), "freeze") + frozen(history) + "; the provider was called "
                + history.calls().size() + " times");
        lines.add(counted(NoSecondRoomUnsaid.surplus(history), "session")
                + (proof.plan().oneRoomPerEvent() ? " in rooms that were there, " : " beyond one for each event, ")
                + counted(proof.doubtful(), "reply that says so", "replies that say so") + "; "
                + evidence.secrets().secrets() + " secrets looked for");
        lines.add("publishing to reply, without trouble: " + text(proof.times(evidence.calm())));
        if (proof.plan().troubles() > 0) {
            lines.add("publishing to reply, with kills and freezes: " + text(proof.times(evidence.troubled())));
        }
        lines.add("longest gap, in which events waited and no call began: " + seconds(proof.gap()));
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

    private static String frozen(History history) {
        List<Interruption> interruptions = history.interruptions();
        return interruptions.isEmpty()
                ? ""
                : interruptions.stream()
                        .map(freeze -> seconds(Duration.between(freeze.from(), freeze.until())))
                        .collect(Collectors.joining(", ", " (", ")"));
    }
}
