package dev.serai.intake;

import dev.serai.route.OutgoingRecord;
import dev.serai.wire.DeadLetter;
import dev.serai.wire.Failure;
import dev.serai.wire.OriginalRecord;
import java.time.InstantSource;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Makes the message a raw record's dead letter: the record as it came, and headers that say why. Thread-safe. */
public final class WriteRawDeadLetter implements Processor {
    private final InstantSource clock;

    public WriteRawDeadLetter(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void process(Exchange exchange) {
        RawRecord raw = RawRecord.of(exchange);
        Failure failure = Objects.requireNonNull(raw.failure(), "nothing is wrong with the raw record");
        OriginalRecord original = raw.deadLetter();
        new OutgoingRecord(
                        null,
                        null,
                        original.key(),
                        original.value(),
                        new DeadLetter(original, failure, 0, clock.instant()).headers(),
                        original.timestamp())
                .writeTo(exchange, raw.delivery().outbox());
    }
}
