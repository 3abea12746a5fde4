package dev.serai.conversation;

import dev.serai.route.OutgoingRecord;
import dev.serai.wire.DeadLetter;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import dev.serai.wire.OriginalRecord;
import java.time.Clock;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Makes the message the event's dead letter: the original record, and headers that say why. Thread-safe. */
public final class DeadLetterRecord implements Processor {
    private final Clock clock;

    public DeadLetterRecord(Clock clock) {
        this.clock = clock;
    }

    /**
     * A repetition of an answered event leaves none, and neither does one whose conversation was ended before its room:
     * nothing has failed, and nobody has to do anything. But one of the two answers there must be.
     */
    public boolean isDue(Exchange exchange) {
        EventInFlight inFlight = EventInFlight.of(exchange);
        Failure failure = inFlight.failure();
        return failure == null
                || (failure.category() != ErrorCategory.CANCELLED && !inFlight.isAnsweredBefore())
                || inFlight.settlement().isWithoutReply();
    }

    @Override
    public void process(Exchange exchange) {
        EventInFlight inFlight = EventInFlight.of(exchange);
        Failure failure = Objects.requireNonNull(inFlight.failure(), "dead-letter-record comes after describe-failure");
        OriginalRecord original = inFlight.original();
        DeadLetter letter = new DeadLetter(original, failure, inFlight.attempts(), clock.instant());
        new OutgoingRecord(null, null, original.key(), original.value(), letter.headers(), original.timestamp())
                .writeTo(exchange, inFlight.delivery().outbox());
    }
}
