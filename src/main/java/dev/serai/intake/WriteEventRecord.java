package dev.serai.intake;

import dev.serai.route.OutgoingRecord;
import dev.serai.wire.RecordHeader;
import java.util.List;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Makes the message one event of its raw record: with the conversation as its key, the raw record's time, and those of its
 * headers that replies echo, such as {@code traceparent}. Stateless.
 */
public final class WriteEventRecord implements Processor {
    @Override
    public void process(Exchange exchange) {
        RawRecord raw = RawRecord.of(exchange);
        EventRecord event = Objects.requireNonNull(
                exchange.getMessage().getBody(EventRecord.class),
                "write-event-record comes after map-raw-record, once for each event of its list");
        List<RecordHeader> kept = raw.original().headers().stream()
                .filter(header -> raw.intake().keptHeaders().contains(header.name()))
                .toList();
        new OutgoingRecord(
                        null,
                        null,
                        event.key(),
                        event.value(),
                        kept,
                        raw.original().timestamp())
                .writeTo(exchange, raw.delivery().outbox());
    }
}
