package dev.serai.bench;

import java.time.Duration;
import java.util.List;

/**
 * What a run of the benchmark does.
 *
 * @param events measured for throughput, per contender
 * @param warmUp events before them, answered by the same process
 * @param conversations distinct keys among the events
 * @param latency of every answer of the provider
 * @param inFlight calls that a contender may have in progress at once
 * @param partitions of every topic
 * @param contenders in the order of their turns
 * @param rate of the measured events' publication, in events per second; 0 if all wait in the topic from the start
 * @param repeat turns of each; the medians count
 * @param restEvents published one by one after the throughput run, to measure what is added to the latency
 * @param sequentialLimit a contender that makes one call for each partition is given the first of the events only, as many
 *     as it can answer in this time at best
 */
record Plan(
        int events,
        int warmUp,
        int conversations,
        Duration latency,
        int inFlight,
        int partitions,
        List<Contender> contenders,
        int rate,
        int repeat,
        int restEvents,
        Duration sequentialLimit) {

    static final int REST_EVENTS_PER_SECOND = 20;

    /** @throws IllegalArgumentException if a number is out of bounds; the message names the option */
    Plan {
        atLeast("--events", events, 10);
        atLeast("--warm-up", warmUp, 0);
        atLeast("--conversations", conversations, 1);
        atLeast("--latency", latency.toMillis(), 0);
        atLeast("--in-flight", inFlight, 1);
        atLeast("--partitions", partitions, 1);
        atLeast("--rate", rate, 0);
        atLeast("--repeat", repeat, 1);
        atLeast("--rest-events", restEvents, 0);
        if (rate > 0 && warmUp == 0) {
            throw new IllegalArgumentException("--rate needs a --warm-up of at least 1: the load begins after it");
        }
        contenders = List.copyOf(contenders);
        if (contenders.isEmpty()) {
            throw new IllegalArgumentException("--contenders must be some of " + Contender.labels());
        }
        if (contenders.stream().distinct().count() != contenders.size()) {
            throw new IllegalArgumentException("--contenders must differ, were " + contenders);
        }
    }

    private static void atLeast(String option, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(option + " must be at least " + least + ", was " + value);
        }
    }

    /** Whether the measured events are published at a rate. */
    boolean paced() {
        return rate > 0;
    }

    /** How many events of the throughput run this contender answers, after its warm-up. */
    int eventsOf(Contender contender) {
        return contender.concurrent() ? events : Math.min(events, sequentially(sequentialLimit));
    }

    /** The same for the warm-up. */
    int warmUpOf(Contender contender) {
        return contender.concurrent() ? warmUp : Math.min(warmUp, sequentially(sequentialLimit.dividedBy(4)));
    }

    private int sequentially(Duration time) {
        return latency.isZero()
                ? Integer.MAX_VALUE
                : Math.toIntExact(Math.max(10, partitions * time.toMillis() / latency.toMillis()));
    }
}
