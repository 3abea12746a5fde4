package dev.serai.intake;

import dev.serai.route.OutgoingRecord;
import dev.serai.wire.RecordHeader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Makes the message one event of its raw record: with the conversation as its key, the raw record's time, and those of its
 * headers that replies echo, such as {@code traceparent}; and with one that says which record that was. Stateless.
 */
public final class WriteEventRecord implements Processor {
    @Override
    public void process(Exchange exchange) {
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
}
