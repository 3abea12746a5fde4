package dev.serai.intake;

import dev.serai.engine.Delivery;
import dev.serai.observe.waiting.HeldEvent;
import dev.serai.wire.Failure;
import dev.serai.wire.OriginalRecord;
import java.util.List;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * A raw record while it goes down its intake's line: what it becomes, and whether that is on its way. Not thread-safe: it
 * belongs to its exchange, which runs on one thread at a time.
 */
public final class RawRecord {
    private static final String PROPERTY = "serai.raw-record";

    private final Intake intake;
    private final OriginalRecord original;
    private final Delivery delivery;
    private final HeldEvent held;
    private OriginalRecord deadLetter;
    private List<EventRecord> events = List.of();
    private List<String> ignored = List.of();
    private @Nullable Failure failure;
    private boolean mapped;
    private boolean settled;

    RawRecord(Intake intake, OriginalRecord original, Delivery delivery) {
        this.intake = intake;
        this.original = original;
        this.delivery = delivery;
        deadLetter = original;
        held = new HeldEvent(original);
    }

    /** What the exchange works on. */
    public static RawRecord of(Exchange exchange) {
        return Objects.requireNonNull(
                exchange.getProperty(PROPERTY, RawRecord.class),
                "the exchange has no raw record: its route must come after accept-raw-record");
    }

    void attachTo(Exchange exchange) {
        exchange.setProperty(PROPERTY, this);
        delivery.attachTo(exchange);
    }

    Intake intake() {
        return intake;
    }

    public OriginalRecord original() {
        return original;
    }

    public Delivery delivery() {
        return delivery;
    }

    HeldEvent held() {
        return held;
    }

    /** @param labels why what of it was ignored */
    void mapped(List<EventRecord> made, List<String> labels) {
        events = List.copyOf(made);
        ignored = List.copyOf(labels);
        mapped = true;
    }

    /** It becomes a dead letter, and nothing else. */
    void fail(Failure reason) {
        failure = reason;
        events = List.of();
        ignored = List.of();
        settled = false;
        delivery.outbox().clear();
    }

    /** What becomes its dead letter: the record as it came, as far as the topic takes it. */
    OriginalRecord deadLetter() {
        return deadLetter;
    }

    /**
     * Leaves out of its dead letter what is large: the value; when it has none any more, key and headers.
     *
     * @return whether there was something to leave out
     */
    boolean shortenDeadLetter() {
        boolean hasValue = deadLetter.value() != null;
        if (!hasValue && deadLetter.key() == null && deadLetter.headers().isEmpty()) {
            return false;
        }
        deadLetter = new OriginalRecord(
                original.topic(),
                original.partition(),
                original.offset(),
                original.timestamp(),
                hasValue ? original.key() : null,
                null,
                hasValue ? original.headers() : List.of());
        return true;
    }

    List<EventRecord> events() {
        return events;
    }

    List<String> ignored() {
        return ignored;
    }

    /** Why it becomes a dead letter; null if it does not. */
    public @Nullable Failure failure() {
        return failure;
    }

    /**
     * What it becomes is in its outbox: noted behind the steps that publish, so that a route that does not is noticed.
     *
     * @throws IllegalStateException if nobody has found out what it becomes
     */
    void settled() {
        if (!mapped && failure == null) {
            throw new IllegalStateException(
                    "the raw record was not mapped: note-mapped must come behind map-raw-record");
        }
        settled = true;
    }

    /** Whether it may be committed. */
    boolean isSettled() {
        return settled;
    }
}
