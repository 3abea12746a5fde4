package dev.serai.trial.standin;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Counts over the calls of a {@link CallLog}, under whose lock it is. */
final class CallCounts {
    private final Map<CallKind, Long> received = new EnumMap<>(CallKind.class);
    private final Map<String, Long> answers = new TreeMap<>();
    private final Map<String, Long> faults = new TreeMap<>();
    private int concurrentConnects;
    private int maxConcurrentConnects;
    private long sessionsMade;

    /**
     * The counts since the start or since {@link CallLog#clear()}.
     *
     * @param callsRecorded how many calls can be read back
     * @param concurrentNow calls of {@code /connect} in progress
     * @param maxConcurrent the most of them at any time
     * @param answers calls that ended, by answered status; {@code none} for those without an answer
     * @param faults faults played, by kind
     */
    record Summary(
            long connectCalls,
            long disconnectCalls,
            long characterListCalls,
            long enrichmentCalls,
            long otherCalls,
            int callsRecorded,
            int concurrentNow,
            int maxConcurrent,
            long sessionsMade,
            Map<String, Long> answers,
            Map<String, Long> faults) {}

    void opened(CallKind kind) {
        received.merge(kind, 1L, Long::sum);
        if (kind == CallKind.CONNECT) {
            concurrentConnects++;
            maxConcurrentConnects = Math.max(maxConcurrentConnects, concurrentConnects);
        }
    }

    void ended(CallKind kind) {
        if (kind == CallKind.CONNECT) {
            concurrentConnects--;
        }
    }

    /** @param status null for none */
    void answered(@Nullable Integer status) {
        answers.merge(status == null ? "none" : status.toString(), 1L, Long::sum);
    }

    void played(Fault fault) {
        faults.merge(fault.kind(), 1L, Long::sum);
    }

    void sessionMade() {
        sessionsMade++;
    }

    int maxConcurrentConnects() {
        return maxConcurrentConnects;
    }

    /** Calls in progress are still in progress. */
    void clear() {
        received.clear();
        answers.clear();
        faults.clear();
        sessionsMade = 0;
        maxConcurrentConnects = concurrentConnects;
    }

    Summary summary(int callsRecorded) {
        return new Summary(
                received.getOrDefault(CallKind.CONNECT, 0L),
                received.getOrDefault(CallKind.DISCONNECT, 0L),
                received.getOrDefault(CallKind.CHARACTER_LIST, 0L),
                received.getOrDefault(CallKind.ENRICHMENT, 0L),
                received.getOrDefault(CallKind.OTHER, 0L),
                callsRecorded,
                concurrentConnects,
                maxConcurrentConnects,
                sessionsMade,
                new TreeMap<>(answers),
                new TreeMap<>(faults));
    }
}
