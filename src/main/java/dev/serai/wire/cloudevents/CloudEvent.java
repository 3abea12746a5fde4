package dev.serai.wire.cloudevents;

import dev.serai.wire.Digests;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RecordHeader;
import dev.serai.wire.TraceContext;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A record of the start topic that is a CloudEvent, or claims to be. To read it is total: no bytes make it throw, and of
 * what is wrong with it as much is read as can be, so that its reply can name it. Immutable.
 *
 * @param eventId what the event is called where its data does not name it, by {@link EventName}; null if it has no id
 * @param action what its type says; null if it is none of {@link Action}
 * @param time when what it tells of has happened; null if it does not say
 * @param trace of the tracing extension, if it can go on
 * @param data the event as publishers of plain JSON write it; null if there is none; never to be changed
 * @param dataPlace what problems of the data begin with; empty where the data is the record's value
 * @param problem why it cannot be taken, for its publisher to read; null if nothing is wrong with its attributes
 */
@SuppressWarnings("ArrayRecordComponent") // opaque bytes, passed on and never compared
public record CloudEvent(
        Mode mode,
        @Nullable String eventId,
        @Nullable Action action,
        @Nullable Instant time,
        Optional<TraceContext> trace,
        byte @Nullable [] data,
        String dataPlace,
        @Nullable String problem) {

    /**
     * No event may be as long, whatever {@code serai.conversation.max-event-bytes} is; to look at one takes several times its
     * bytes.
     */
    private static final int LOOKED_AT = 16 << 20;

    private static final String ID_HEADER = Attributes.PREFIX + Attributes.ID;

    /** What a type makes of its event. */
    public enum Action {
        START("dev.serai.conversation.start.v1"),
        END("dev.serai.conversation.end.v1");

        private final String type;

        Action(String type) {
            this.type = type;
        }

        public String type() {
            return type;
        }
    }

    /** The CloudEvent that a record is; empty if it is none, but an event as it is. */
    public static Optional<CloudEvent> in(OriginalRecord original) {
        return in(original, LOOKED_AT);
    }

    /**
     * The same of as much as may be looked at: what stands behind it is not seen, and the data is what was seen of it.
     *
     * @param maxBytes of the record's value
     */
    public static Optional<CloudEvent> in(OriginalRecord original, int maxBytes) {
        Optional<MediaType> contentType = BinaryMode.contentType(original);
        if (contentType.filter(MediaType::isCloudEvent).isPresent()) {
            return Optional.of(StructuredMode.read(contentType.get(), original.value(), maxBytes));
        }
        Optional<CloudEvent> unnamed =
                contentType.isPresent() ? Optional.empty() : StructuredMode.find(original.value(), maxBytes);
        return unnamed.isPresent() ? unnamed : BinaryMode.find(original, contentType);
    }

    /**
     * The record as one that holds the data and nothing around it: its value is the event, its timestamp the CloudEvent's time
     * if it has one, and the header that names events without a name of their own names this one.
     */
    @SuppressWarnings("NullAway") // which does not read the annotations of a record's array components
    public OriginalRecord unwrapped(OriginalRecord original) {
        List<RecordHeader> headers = new ArrayList<>(original.headers());
        headers.removeIf(header -> header.name().equals(ID_HEADER));
        if (eventId != null) {
            headers.add(new RecordHeader(ID_HEADER, eventId.getBytes(StandardCharsets.UTF_8)));
        }
        return new OriginalRecord(
                original.topic(),
                original.partition(),
                original.offset(),
                time == null ? original.timestamp() : time,
                original.key(),
                data,
                headers);
    }

    /** The same of any record: one that is no CloudEvent is as it is. */
    public static OriginalRecord unwrap(OriginalRecord original) {
        return in(original).map(event -> event.unwrapped(original)).orElse(original);
    }

    /**
     * The trace that a record of any kind belongs to: that of its own headers, which says what published it, else that of the
     * CloudEvent in it, which says what made that.
     */
    public static Optional<TraceContext> traceOf(OriginalRecord original) {
        return TraceContext.of(
                        original.headerText(TraceContext.PARENT).orElse(null),
                        original.headerText(TraceContext.STATE).orElse(null))
                .or(() -> in(original).flatMap(CloudEvent::trace));
    }

    /** Mode and place only: the rest may hold personal data. */
    @Override
    public String toString() {
        return "CloudEvent[" + mode + ", " + action + "]";
    }

    /**
     * The name of an event: its source and its id, as either alone can be another event's. A blank between them, which a
     * source cannot have ({@code %20} where it has one all the same); a digest where both together are too long for an id.
     */
    static final class EventName {
        /** In characters, as in the schema. */
        private static final int MAX_LENGTH = 512;

        private EventName() {}

        static @Nullable String of(Attributes attributes) {
            String id = attributes.get(Attributes.ID);
            String source = attributes.get(Attributes.SOURCE);
            if (id == null || source == null) {
                return id == null || characters(id) > MAX_LENGTH ? null : id;
            }
            String name = source.replace(" ", "%20") + " " + id;
            return characters(name) <= MAX_LENGTH
                    ? name
                    : "sha256:"
                            + HexFormat.of().formatHex(Digests.sha256().digest(name.getBytes(StandardCharsets.UTF_8)));
        }

        private static int characters(String text) {
            return text.codePointCount(0, text.length());
        }
    }
}
