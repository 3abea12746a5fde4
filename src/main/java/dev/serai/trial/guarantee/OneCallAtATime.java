package dev.serai.trial.guarantee;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * No two calls of one conversation are in progress at once.
 *
 * <p>Legal: that the stand-in still holds a call of a process that was killed. A call ends with its caller, so such a call
 * counts until its process was gone. Also legal: that a call without an answer seems to last for up to
 * {@link #NOTICED_WITHIN} longer, because its caller knows that it gave up and repeats the call on a new connection, while
 * the stand-in has yet to see the old one close. An answered call has such grace for its own event alone, in the same process,
 * which repeats no call that it does not hold for over: the answer went to nobody. For others it has none: its end is recorded
 * before the answer is sent.
 *
 * <p>Legal as well: two calls of two processes, if one of them was interrupted long enough for the group to give its
 * partitions away ({@link Interruption}). A process that does not run cannot end its call, and one without a way to the
 * broker cannot know that it should.
 *
 * <p>Illegal: that the new owner of a partition calls while a living former owner's call goes on, for any other reason.
 */
final class OneCallAtATime implements Guarantee {
    /** Far more than a loopback connection takes to close, far less than any time-out of a call. */
    static final Duration NOTICED_WITHIN = Duration.ofMillis(100);

    @Override
    public String promise() {
        return "calls of one conversation are made one at a time";
    }

    @Override
    public List<String> breaches(History history) {
        Map<String, Instant> killedAt = history.killedAt();
        List<String> breaches = new ArrayList<>();
        history.calls().stream()
                .collect(groupingBy(SeenCall::conversation, LinkedHashMap::new, toList()))
                .forEach((conversation, calls) -> {
                    // By process: that of an interrupted one may outlast many others, and hides no overlap of theirs.
                    Map<String, SeenCall> longest = new LinkedHashMap<>();
                    for (SeenCall call : calls.stream()
                            .sorted(Comparator.comparing(SeenCall::receivedAt))
                            .toList()) {
                        longest.values().stream()
                                .filter(before -> call.receivedAt().isBefore(endBefore(call, before, killedAt)))
                                .filter(before -> !isExplained(history, before, call))
                                .max(Comparator.comparing(before -> end(before, killedAt)))
                                .ifPresent(before -> breaches.add(conversation + ": the call for " + named(call)
                                        + " came at " + call.receivedAt() + ", that for " + named(before)
                                        + " lasted from " + before.receivedAt() + " until " + before.endedAt()));
                        longest.merge(
                                call.process(),
                                call,
                                (before, now) -> end(now, killedAt).isAfter(end(before, killedAt)) ? now : before);
                    }
                });
        return breaches;
    }

    private static boolean isExplained(History history, SeenCall one, SeenCall other) {
        return !one.process().equals(other.process())
                && (history.isExplained(one, other) || history.isExplained(other, one));
    }

    private static String named(SeenCall call) {
        return call.eventId() + " by " + call.process();
    }

    /** A call that its own event repeats was given up: it may be answered all the same, before the stand-in notices. */
    private static Instant endBefore(SeenCall call, SeenCall before, Map<String, Instant> killedAt) {
        boolean repeats = before.answered()
                && before.endedAt() != null
                && before.process().equals(call.process())
                && before.eventId().equals(call.eventId());
        Instant ended = end(before, killedAt);
        return repeats ? ended.minus(NOTICED_WITHIN) : ended;
    }

    private static Instant end(SeenCall call, Map<String, Instant> killedAt) {
        Instant ended = call.endedAt() == null ? Instant.MAX : call.endedAt();
        if (!call.answered() && call.endedAt() != null) {
            ended = ended.minus(NOTICED_WITHIN);
        }
        @Nullable Instant killed = killedAt.get(call.process());
        return killed != null && killed.isBefore(ended) ? killed : ended;
    }
}
