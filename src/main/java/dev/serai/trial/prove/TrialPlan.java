package dev.serai.trial.prove;

import java.time.Duration;

/**
 * How much of everything a run has.
 *
 * @param seed draws the events, the order of the troubles, and whom they hit
 * @param events at least {@link #LEAST_EVENTS}; those with mistakes are among them
 * @param kills of a replica, each while it makes calls if there are any
 * @param freezes of a replica, some shorter and some longer than the group waits for it
 * @param replicas of the service, at least 1
 * @param partitions of each topic, at least 1
 * @param oneRoomPerEvent whether the service is to have one room for each event
 * @param limit for the events; what is not answered by then counts as lost
 */
public record TrialPlan(
        long seed,
        int events,
        int kills,
        int freezes,
        int replicas,
        int partitions,
        boolean oneRoomPerEvent,
        Duration limit) {
    /** So that each part has some. */
    public static final int LEAST_EVENTS = 20;

    /** As many as the stand-in remembers calls of, with room for those that are made again. */
    public static final int MOST_EVENTS = 20_000;

    static final int CONVERSATIONS = 20;

    /** Some calls are in progress at any time, and two replicas keep up on two cores. */
    static final int EVENTS_PER_SECOND = 25;

    /** While these are answered, replicas get their partitions: their times are not counted. */
    int warmUp() {
        return Math.min(20, events / 6);
    }

    int troubles() {
        return kills + freezes;
    }
}
