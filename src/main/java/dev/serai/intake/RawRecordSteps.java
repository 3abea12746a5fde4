package dev.serai.intake;

import dev.serai.route.OutgoingRecord;
import dev.serai.wire.DeadLetter;
import dev.serai.wire.Failure;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RecordHeader;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.camel.Exchange;

/** The steps of a raw record that need nothing but the record, for Camel to bind. Thread-safe. */
public record RawRecordSteps(InstantSource clock) {
    /** Its turn in its lane has come. It ends here if its partition is to go to another owner. */
    public void begin(Exchange exchange) {
        if (!RawRecord.of(exchange).delivery().begin()) {
            exchange.setRouteStop(true);
        }
    }

    /**
     * Makes the message one event of its raw record: with the conversation as its key, the raw record's time, and those of its
     * headers that replies echo, such as {@code traceparent}; and with one that says which record that was.
     */
    public void writeEvent(Exchange exchange) {
        RawRecord raw = RawRecord.of(exchange);
        EventRecord event = Objects.requireNonNull(
                exchange.getMessage().getBody(EventRecord.class),
                "write-event-record comes after map-raw-record, once for each event of its list");
        List<RecordHeader> headers = new ArrayList<>();
        raw.original().headers().stream()
                .filter(header -> raw.intake().keptHeaders().contains(header.name()))
                .forEach(headers::add);
        headers.add(new RecordHeader(
                RecordHeader.MAPPED_FROM, raw.original().position().getBytes(StandardCharsets.UTF_8)));
        new OutgoingRecord(
                        null,
                        null,
                        event.key(),
                        event.value(),
                        headers,
                        raw.original().timestamp())
                .writeTo(exchange, raw.delivery().outbox());
    }

    /** Makes the message a raw record's dead letter: the record as it came, and headers that say why. */
    public void writeDeadLetter(Exchange exchange) {
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

    /** Notes that what it comes to is in its outbox, so that it is committed when its route has ended. */
    public void noteSettled(Exchange exchange) {
        RawRecord.of(exchange).settled();
    }
}
