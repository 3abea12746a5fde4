package dev.serai.trial.standin;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
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
    private final CallCounts counts = new CallCounts();

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
        counts.opened(kind);
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
        return counts.maxConcurrentConnects();
    }

    synchronized CallCounts.Summary summary() {
        return counts.summary(kept.size());
    }

    /** Forgets calls and counts. Calls in progress go on and are still in progress, but are no longer recorded. */
    synchronized void clear() {
        generation++;
        kept.clear();
        keptCharacters = 0;
        counts.clear();
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
                counts.played(fault);
                return call.withFault(fault);
            });
        }

        void sessionMade() {
            update(call -> {
                counts.sessionMade();
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
                counts.ended(kind);
                update(call -> {
                    counts.answered(status);
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
