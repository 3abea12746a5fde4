package dev.serai.bench;

import java.util.Collection;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * One contender's turn, or the medians of several.
 *
 * @param eventsPerSecond see {@link ThroughputRun}
 * @param cpuMillis CPU time of the contender's process per event, in milliseconds
 * @param brokerCpuMillis the same of the broker's process
 * @param providerCpuMillis the same of the stand-in's process
 * @param peakMebibytes the most memory that the contender's process had at any time, from its start on; null if the
 *     system does not tell
 * @param callsAtOnce the most calls that were in progress at once
 * @param outOfOrder replies that came after the reply to a later event of the same conversation
 * @param duplicates replies beyond the first to an event
 * @param repeatedCalls calls beyond the first of an event
 * @param rest null if it was not measured
 */
record Measured(
        Contender contender,
        int events,
        double eventsPerSecond,
        double cpuMillis,
        double brokerCpuMillis,
        double providerCpuMillis,
        @Nullable Double peakMebibytes,
        int callsAtOnce,
        int outOfOrder,
        int duplicates,
        int repeatedCalls,
        @Nullable Rest rest) {

    /**
     * What is added to the provider's latency at rest, in milliseconds: from just before the event is published to when a
     * {@code read_committed} consumer has the reply, less the latency that the provider was told to have.
     */
    record Rest(double medianMillis, double p99Millis) {}

    /** The medians of some turns of one contender, each number for itself. */
    static Measured median(Collection<Measured> turns) {
        Measured any = turns.iterator().next();
        Collection<Rest> rests =
                turns.stream().map(Measured::rest).filter(Objects::nonNull).toList();
        return new Measured(
                any.contender,
                any.events,
                median(turns, Measured::eventsPerSecond),
                median(turns, Measured::cpuMillis),
                median(turns, Measured::brokerCpuMillis),
                median(turns, Measured::providerCpuMillis),
                any.peakMebibytes == null ? null : median(turns, turn -> Objects.requireNonNull(turn.peakMebibytes)),
                (int) median(turns, Measured::callsAtOnce),
                (int) median(turns, Measured::outOfOrder),
                (int) median(turns, Measured::duplicates),
                (int) median(turns, Measured::repeatedCalls),
                rests.isEmpty() ? null : new Rest(median(rests, Rest::medianMillis), median(rests, Rest::p99Millis)));
    }

    private static <T> double median(Collection<T> turns, ToDoubleFunction<T> number) {
        return Statistics.median(turns.stream().mapToDouble(number).toArray());
    }
}
