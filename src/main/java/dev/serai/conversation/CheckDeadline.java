package dev.serai.conversation;

import dev.serai.loop.Elapsed;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Leaves for the reject route when the caller cannot be waiting any more: with {@code cancelled} if an end event has said so,
 * with {@code expired} if time has. Thread-safe.
 */
public final class CheckDeadline implements Processor {
    private final Clock clock;

    public CheckDeadline(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void process(Exchange exchange) {
        Conversation conversation = Conversation.of(exchange);
        conversation.delivery().requireWanted();
        Instant deadline = conversation.event().expiresAt();
        Instant now = clock.instant();
        if (!now.isBefore(deadline)) {
            throw new ConversationFailure(expired(deadline, now, ""));
        }
    }

    /** Says how late it is, and what else there is to say. */
    static Failure expired(Instant deadline, Instant now, String further) {
        Duration late = Duration.between(deadline, now);
        return Failure.of(
                ErrorCategory.EXPIRED, "the deadline " + deadline + " passed " + Elapsed.text(late) + " ago" + further);
    }
}
