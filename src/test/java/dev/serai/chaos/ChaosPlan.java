package dev.serai.chaos;

import java.time.Duration;

/**
 * How much of everything a run has. Which of it comes when, and whom it hits, is drawn from the run's seed.
 *
 * @param events at least; more while steps are still to be carried out
 * @param perSecond at which events are published, at least 1
 * @param replicas at the start
 * @param kills of a replica that is then started again
 * @param troubles times that a number of calls in a row go wrong at the provider
 * @param joins further replicas
 * @param leaves replicas that are stopped in an orderly way and not started again; fewer than there are replicas
 * @param patience for whatever the run waits for: the work between two steps, at the end the last reply
 */
record ChaosPlan(
        int events,
        int conversations,
        int perSecond,
        int replicas,
        int kills,
        int brokerRestarts,
        int troubles,
        int joins,
        int leaves,
        Duration patience) {

    /** Replicas come and go, and nothing goes wrong. */
    static final ChaosPlan CALM = new ChaosPlan(400, 100, 50, 1, 0, 0, 0, 2, 1, Duration.ofMinutes(1));

    /** Everything goes wrong, as briefly as a build can bear. */
    static final ChaosPlan SHORT = new ChaosPlan(1_200, 200, 60, 2, 2, 1, 3, 1, 1, Duration.ofMinutes(2));

    /** Everything goes wrong, again and again. */
    static final ChaosPlan LONG = new ChaosPlan(20_000, 2_000, 80, 3, 12, 3, 12, 2, 2, Duration.ofMinutes(4));

    /** The broker goes away again and again, in the middle of everybody's transactions. */
    static final ChaosPlan RESTARTS = new ChaosPlan(3_000, 300, 80, 3, 0, 8, 0, 0, 0, Duration.ofMinutes(1));

    int steps() {
        return kills + brokerRestarts + troubles + joins + leaves;
    }

    /** How many events are answered before the first step, between two steps and after the last one; at least. */
    int eventsBetweenSteps() {
        return events / (steps() + 1);
    }
}
