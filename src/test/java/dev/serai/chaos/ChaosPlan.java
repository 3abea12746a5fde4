package dev.serai.chaos;

import static dev.serai.chaos.Step.Kind.CUT;
import static dev.serai.chaos.Step.Kind.CUT_FOR_GOOD;
import static dev.serai.chaos.Step.Kind.FREEZE;
import static dev.serai.chaos.Step.Kind.FREEZE_BROKER;
import static dev.serai.chaos.Step.Kind.JOIN;
import static dev.serai.chaos.Step.Kind.KILL;
import static dev.serai.chaos.Step.Kind.LEAVE;
import static dev.serai.chaos.Step.Kind.RESTART_BROKER;
import static dev.serai.chaos.Step.Kind.TROUBLE;
import static dev.serai.chaos.Step.Kind.TRUNCATE;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * How much of everything a run has. Which of it comes when, and whom it hits, is drawn from the run's seed.
 *
 * @param events at least; more while steps are still to be carried out
 * @param perSecond at which events are published, at least 1
 * @param replicas at the start
 * @param steps how many of each kind, none of those that are not named; fewer replicas leave than there are
 * @param longestInterruption of one replica, by a freeze or a cut; at least 2 s
 * @param patience for whatever the run waits for: the work between two steps, at the end the last reply
 */
record ChaosPlan(
        int events,
        int conversations,
        int perSecond,
        int replicas,
        Map<Step.Kind, Integer> steps,
        Duration longestInterruption,
        Duration patience) {

    /** The session time-out is 10 s: interruptions beyond that cost a replica its partitions. */
    private static final Duration BEYOND_THE_SESSION = Duration.ofSeconds(25);

    private static final Duration WITHIN_THE_SESSION = Duration.ofSeconds(4);

    /** Replicas come and go, and nothing goes wrong. */
    static final ChaosPlan CALM =
            new ChaosPlan(400, 100, 50, 1, Map.of(JOIN, 2, LEAVE, 1), WITHIN_THE_SESSION, Duration.ofMinutes(1));

    /** Much goes wrong, as briefly as a build can bear. */
    static final ChaosPlan SHORT = new ChaosPlan(
            1_000,
            200,
            60,
            2,
            Map.of(KILL, 2, RESTART_BROKER, 1, TROUBLE, 2, JOIN, 1, LEAVE, 1, FREEZE, 1, FREEZE_BROKER, 1, CUT, 1),
            WITHIN_THE_SESSION,
            Duration.ofMinutes(2));

    /** Everything goes wrong, again and again. */
    static final ChaosPlan LONG = new ChaosPlan(
            10_000,
            2_000,
            80,
            3,
            Map.ofEntries(
                    Map.entry(KILL, 5),
                    Map.entry(RESTART_BROKER, 2),
                    Map.entry(TROUBLE, 5),
                    Map.entry(JOIN, 2),
                    Map.entry(LEAVE, 2),
                    Map.entry(FREEZE, 5),
                    Map.entry(FREEZE_BROKER, 2),
                    Map.entry(CUT, 4),
                    Map.entry(CUT_FOR_GOOD, 1),
                    Map.entry(TRUNCATE, 2)),
            BEYOND_THE_SESSION,
            Duration.ofMinutes(4));

    /** The broker goes away again and again, in the middle of everybody's transactions. */
    static final ChaosPlan RESTARTS =
            new ChaosPlan(3_000, 300, 80, 3, Map.of(RESTART_BROKER, 8), WITHIN_THE_SESSION, Duration.ofMinutes(1));

    /** The broker loses the ends of its logs again and again. */
    static final ChaosPlan TRUNCATIONS =
            new ChaosPlan(3_000, 300, 80, 3, Map.of(TRUNCATE, 6), WITHIN_THE_SESSION, Duration.ofMinutes(2));

    ChaosPlan {
        Map<Step.Kind, Integer> ordered = new EnumMap<>(Step.Kind.class);
        ordered.putAll(steps);
        steps = ordered;
    }

    int count(Step.Kind kind) {
        return steps.getOrDefault(kind, 0);
    }

    /** How many replicas there are at most in the whole run, those included that have left. */
    int everyReplica() {
        return replicas + count(JOIN);
    }

    /** How many events are answered before the first step, between two steps and after the last one; at least. */
    int eventsBetweenSteps() {
        return events / (steps.values().stream().mapToInt(Integer::intValue).sum() + 1);
    }
}
