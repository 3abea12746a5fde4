package dev.serai.guarantee;

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
 * the stand-in has yet to see the old one close. An answered call has no such grace: its end is recorded before the answer
 * is sent.
 *
 * <p>Illegal: that the new owner of a partition calls while a living former owner's call goes on. The service may not be
 * able to prevent that when the group throws a replica out that is slow but alive; runs that are checked must leave the
 * group's session time-out long enough that none is.
 */
final class OneCallAtATime implements Guarantee {
    /** Far more than a loopback connection takes to close, far less than any time-out of a call. */
    static final Duration NOTICED_WITHIN = Duration.ofMillis(100);

    @Override
    public List<String> breaches(History history) {
        Map<String, Instant> killedAt = history.killedAt();
        List<String> breaches = new ArrayList<>();
        history.calls().stream()
                .collect(groupingBy(SeenCall::conversation, LinkedHashMap::new, toList()))
                .forEach((conversation, calls) -> {
                    SeenCall longest = null;
                    for (SeenCall call : calls.stream()
                            .sorted(Comparator.comparing(SeenCall::receivedAt))
                            .toList()) {
                        if (longest != null && call.receivedAt().isBefore(end(longest, killedAt))) {
                            breaches.add(
                                    conversation + ": the call for " + named(call) + " came at " + call.receivedAt()
                                            + ", that for " + named(longest) + " lasted from " + longest.receivedAt()
                                            + " until "
                                            + longest.endedAt());
                        }
                        if (longest == null || end(call, killedAt).isAfter(end(longest, killedAt))) {
                            longest = call;
                        }
                    }
                });
        return breaches;
    }

    private static String named(SeenCall call) {
        return call.eventId() + " by " + call.process();
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
