package dev.serai.intake;

import dev.serai.dialect.mapping.MappedEvent;
import dev.serai.dialect.mapping.MappingResult;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import dev.serai.wire.Json;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Makes events of a raw record, by its intake's mapping: the body becomes the list of them. Thread-safe. */
public final class MapRawRecord implements Processor {
    private final MappingTurns turns = new MappingTurns(Runtime.getRuntime().availableProcessors());

    @Override
    public void process(Exchange exchange) throws InterruptedException {
        RawRecord raw = RawRecord.of(exchange);
        turns.take(raw.intake().name(), () -> map(raw));
        exchange.getMessage().setBody(raw.events());
    }

    private static void map(RawRecord raw) {
        switch (raw.intake().mapping().apply(raw.original())) {
            case MappingResult.Mapped mapped ->
                raw.mapped(mapped.events().stream().map(MapRawRecord::bytes).toList(), mapped.ignored());
            case MappingResult.Rejected rejected ->
                raw.fail(Failure.of(ErrorCategory.INVALID_EVENT, rejected.reason()));
        }
    }

    private static EventRecord bytes(MappedEvent mapped) {
        return new EventRecord(
                mapped.conversationKey().getBytes(StandardCharsets.UTF_8),
                Json.bytes(mapped.event()),
                mapped.event().path("action").asText().equals("end"));
    }

    /** For the route: whether the mapping has rejected the record. */
    public boolean isRejected(Exchange exchange) {
        return RawRecord.of(exchange).failure() != null;
    }
}
