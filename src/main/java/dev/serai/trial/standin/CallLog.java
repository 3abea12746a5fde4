package dev.serai.trial.standin;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The calls of the last while, and counts over all of them. Bounded twice: by the number of calls and by the characters
 * of their bodies; beyond either the oldest go, the counts stay. Thread-safe: one lock, never held while anything waits.
 */
final class CallLog {

    /** What is kept of a long run: 100,000 calls or 128 Mi characters of bodies, whichever is less. */
    static final int MAX_CALLS = 100_000;

    static final long MAX_CHARACTERS = 128L << 20;

    private final InstantSource clock;
    private final int maxCalls;
    private final long maxCharacters;

    private final ArrayDeque<OpenCall> kept = new ArrayDeque<>();
    private long keptCharacters;
    private long lastNumber;
    private int generation;
    private int concurrentConnects;
    private int maxConcurrentConnects;
    private long sessionsMade;
    private final Map<CallKind, Long> received = new EnumMap<>(CallKind.class);
    private final Map<String, Long> answers = new TreeMap<>();
    private final Map<String, Long> faults = new TreeMap<>();

    CallLog(InstantSource clock, int maxCalls, long maxCharacters) {
        this.clock = clock;
        this.maxCalls = maxCalls;
        this.maxCharacters = maxCharacters;
    }

    synchronized OpenCall open(
            CallKind kind,
            String method,
            String path,
            Map<String, List<String>> headers,
            String body,
            @Nullable String characterId) {
        OpenCall call = new OpenCall(
                kind,
                generation,
                new RecordedCall(
                        ++lastNumber,
                        clock.instant(),
                        null,
                        method,
                        path,
                        headers,
                        body,
                        characterId,
                        null,
                        false,
                        null,
                        null));
        received.merge(kind, 1L, Long::sum);
        if (kind == CallKind.CONNECT) {
            concurrentConnects++;
            maxConcurrentConnects = Math.max(maxConcurrentConnects, concurrentConnects);
        }
        kept.addLast(call);
        keep(body.length());
        return call;
    }

    /** The calls that are kept, oldest first. */
    List<RecordedCall> calls() {
        return calls(call -> true, Integer.MAX_VALUE);
    }

    /** The oldest {@code limit} of the calls that are kept and wanted. */
    synchronized List<RecordedCall> calls(Predicate<RecordedCall> wanted, int limit) {
        return kept.stream()
                .map(call -> call.record)
                .filter(wanted)
                .limit(limit)
                .toList();
    }

    synchronized int maxConcurrentConnects() {
        return maxConcurrentConnects;
    }

    synchronized Summary summary() {
        return new Summary(
                received.getOrDefault(CallKind.CONNECT, 0L),
                received.getOrDefault(CallKind.DISCONNECT, 0L),
                received.getOrDefault(CallKind.CHARACTER_LIST, 0L),
                received.getOrDefault(CallKind.ENRICHMENT, 0L),
                received.getOrDefault(CallKind.OTHER, 0L),
                kept.size(),
                concurrentConnects,
                maxConcurrentConnects,
                sessionsMade,
                new TreeMap<>(answers),
                new TreeMap<>(faults));
    }

    /** Forgets calls and counts. Calls in progress go on and are still in progress, but are no longer recorded. */
    synchronized void clear() {
        generation++;
        kept.clear();
        keptCharacters = 0;
        received.clear();
        answers.clear();
        faults.clear();
        sessionsMade = 0;
        maxConcurrentConnects = concurrentConnects;
    }

    private void keep(int characters) {
        keptCharacters += characters;
        while (kept.size() > maxCalls || (keptCharacters > maxCharacters && kept.size() > 1)) {
            OpenCall oldest = kept.removeFirst();
            oldest.dropped = true;
            keptCharacters -= characters(oldest.record);
        }
    }

    private static long characters(RecordedCall call) {
        return (long) call.body().length()
                + (call.answer() == null ? 0 : call.answer().length());
    }

    /**
     * The counts since the start or since {@link #clear()}.
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

    /** A call that the log follows to its end; its state is guarded by the log's lock. */
    final class OpenCall {
        private final CallKind kind;
        private final int openedIn;
        private RecordedCall record;
        private boolean ended;
        private boolean dropped;

        private OpenCall(CallKind kind, int openedIn, RecordedCall record) {
            this.kind = kind;
            this.openedIn = openedIn;
            this.record = record;
        }

        void playing(Fault fault) {
            update(call -> {
                faults.merge(fault.kind(), 1L, Long::sum);
                return call.withFault(fault);
            });
        }

        void sessionMade() {
            update(call -> {
                sessionsMade++;
                return call.withSession();
            });
        }

        /** The call ends; of several ends the first one counts. */
        void answered(int status, String body) {
            end(status, body);
        }

        /** The call ends without an answer; of several ends the first one counts. */
        void unanswered() {
            end(null, null);
        }

        private void end(@Nullable Integer status, @Nullable String body) {
            synchronized (CallLog.this) {
                if (ended) {
                    return;
                }
                ended = true;
                if (kind == CallKind.CONNECT) {
                    concurrentConnects--;
                }
                update(call -> {
                    answers.merge(status == null ? "none" : status.toString(), 1L, Long::sum);
                    return call.ended(clock.instant(), status, body);
                });
                if (body != null && openedIn == generation && !dropped) {
                    keep(body.length());
                }
            }
        }

        private void update(UnaryOperator<RecordedCall> change) {
            synchronized (CallLog.this) {
                if (openedIn == generation) {
                    record = change.apply(record);
                }
            }
        }
    }
}
