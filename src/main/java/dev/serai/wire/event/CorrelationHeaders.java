package dev.serai.wire.event;

import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RecordHeader;
import dev.serai.wire.TraceContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The headers of a request that its reply has, too, each with the bytes that it came with: what is in them is the client's
 * business alone (16 raw bytes of Spring's, a text or 12 random bytes of SmallRye's). Immutable.
 *
 * @param names as they are written in a record, which tells upper from lower case
 */
public record CorrelationHeaders(List<String> names) {
    /** Tracing adds them to whatever is sent, also where nobody waits: W3C's, Zipkin's, Jaeger's, AWS's; in lower case. */
    private static final Set<String> TRACING = Set.of(
            TraceContext.PARENT,
            TraceContext.STATE,
            "baggage",
            "b3",
            "x-b3-traceid",
            "x-b3-spanid",
            "x-b3-parentspanid",
            "x-b3-sampled",
            "x-b3-flags",
            "uber-trace-id",
            "x-amzn-trace-id");

    public CorrelationHeaders {
        names = List.copyOf(names);
    }

    /** Those of a request in their order, those that repeat and those that are null included. */
    public List<RecordHeader> of(OriginalRecord request) {
        List<RecordHeader> found = new ArrayList<>();
        for (RecordHeader header : request.headers()) {
            if (names.contains(header.name()) && !header.isOfService()) {
                found.add(header);
            }
        }
        return List.copyOf(found);
    }

    /**
     * The header by which somebody waits for the reply to this very record, if any: one that is none of tracing's, and the last
     * of its name has a value.
     */
    public Optional<String> awaited(OriginalRecord request) {
        return ofClients().filter(name -> request.header(name).isPresent()).findFirst();
    }

    /** The names of those that only a client sets who waits: all but tracing's. */
    public Stream<String> ofClients() {
        return names.stream().filter(name -> !TRACING.contains(name.toLowerCase(Locale.ROOT)));
    }
}
