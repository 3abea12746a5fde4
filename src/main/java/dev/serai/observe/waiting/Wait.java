package dev.serai.observe.waiting;

import dev.serai.connect.gate.Caller;
import dev.serai.connect.gate.Gate;
import dev.serai.connect.gate.GateStatus;
import dev.serai.connect.gate.HoldReason;
import dev.serai.connect.gate.Ticket;
import dev.serai.wire.Priority;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an event waits for within a step of its route. Exhaustively switched, so that a new kind does not compile until it has
 * a text. Immutable, and free of secrets.
 */
public sealed interface Wait {

    /** For machines, such as {@code look_up}. */
    default String label() {
        return switch (this) {
            case Lane lane -> "lane";
            case Memory memory -> "memory";
            case LookUp lookUp -> "look_up";
            case LookUpAgain again -> "look_up_again";
            case Kafka kafka -> "kafka";
            case Closing closing -> "closing";
            case AtGate gate -> "gate";
            case Call call -> "call";
            case BackOff backOff -> "back_off";
            case Commit commit -> "commit";
            case Topic topic -> "topic";
        };
    }

    /** For people: the rest of a sentence that begins with the event. */
    default String text() {
        return switch (this) {
            case Lane lane ->
                "waits for a place: serai.kafka.max-in-flight events are worked on at once, those of a tenant about"
                        + " half";
            case Memory memory -> "waits for memory to be decoded in";
            case LookUp lookUp -> "looks up " + lookUp.piece() + " at source " + lookUp.source();
            case LookUpAgain again ->
                "looks up %s at source %s again at %s: the source %s"
                        .formatted(again.piece(), again.source(), shown(again.until()), again.why());
            case Kafka kafka -> "waits until Kafka can be worked with";
            case Closing closing -> "waits until the room of its failed turn is closed, which it would come to again";
            case AtGate gate ->
                (gate.caller().priority() == Priority.BATCH
                                ? "waits behind live callers at the gate of tenant "
                                : "waits at the gate of tenant ")
                        + text(gate.gate().status(), gate.gate().name());
            case Call call ->
                "call " + call.number() + " of POST /connect is under way"
                        + (call.before() == null ? "" : ", after " + call.before()) + ", tenant " + call.gate();
            case BackOff backOff ->
                "waits until %s for call %d of POST /connect, after %s"
                        .formatted(shown(backOff.until()), backOff.number(), backOff.why());
            case Commit commit -> "waits for its commit";
            case Topic topic -> "waits until topic " + topic.name() + " takes its record: " + topic.why();
        };
    }

    /** What it is for in a few words, which stay the same as long as it lasts: for many events together. */
    default String brief() {
        return switch (this) {
            case Lane lane -> "earlier events of their conversations, or places among those that are worked on";
            case Memory memory -> "memory to be decoded in";
            case LookUp lookUp -> "answers of source " + lookUp.source();
            case LookUpAgain again -> "source " + again.source() + ", which is asked again";
            case Kafka kafka -> "Kafka";
            case Closing closing -> "rooms of failed turns to be closed";
            case AtGate gate ->
                "the gate of tenant " + gate.gate().name() + why(gate.gate().status());
            case Call call -> "answers of the provider, tenant " + call.gate();
            case BackOff backOff -> "the time to call again, after " + backOff.why();
            case Commit commit -> "their commit";
            case Topic topic -> "topic " + topic.name() + " to take records";
        };
    }

    /** What waits have in common that are the same {@link #brief}ly, told without a look at a gate. */
    default Object briefly() {
        return this instanceof AtGate gate ? gate.gate() : brief();
    }

    private static String why(GateStatus status) {
        if (status.hold() == null) {
            return status.reserved() ? ": " + HoldReason.RESERVE.text() : "";
        }
        return ": " + status.hold().text() + (status.cause() == null ? "" : ", " + status.cause());
    }

    /** Whether this is the same wait as that one, and what is said of it may have changed. */
    default boolean isStill(Wait before) {
        return this instanceof Topic topic
                && before instanceof Topic earlier
                && earlier.name().equals(topic.name());
    }

    private static String text(GateStatus status, String gate) {
        String hold = status.hold() != null
                ? "held: " + status.hold().text()
                : status.reserved() ? "open, but " + HoldReason.RESERVE.text() : "open";
        String cause = status.cause() == null ? "" : ", " + status.cause();
        GateStatus.Sessions sessions = status.sessions();
        return String.format(
                Locale.ROOT,
                "%s, %s%s; waiting there: %d%s, calls under way: %d of %d%s",
                gate,
                hold,
                cause,
                status.waiting(),
                status.batch() == 0 ? "" : ", of them batch events: " + status.batch(),
                status.underWay(),
                status.limit(),
                sessions == null ? "" : ", slots taken: " + sessions.taken() + " of " + sessions.most());
    }

    private static Instant shown(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS);
    }

    /** For earlier events of its conversation, or for a place among those that run. */
    record Lane() implements Wait {}

    /** For room among the decoded events. */
    record Memory() implements Wait {}

    /** For a source's answer. */
    record LookUp(String source, String piece) implements Wait {}

    /**
     * For the time to ask a required source again.
     *
     * @param why the rest of a sentence that begins with the source
     */
    record LookUpAgain(String source, String piece, String why, Instant until) implements Wait {}

    /** For Kafka: no call is begun whose result could not be published. */
    record Kafka() implements Wait {}

    /** With one room per event: for the end of the room that its failed turn has opened, as it is sent again. */
    record Closing() implements Wait {}

    /**
     * For its turn to call the provider, as its caller's priority says.
     *
     * @param ticket its place in the gate's line
     */
    record AtGate(Gate gate, Ticket ticket, Caller caller) implements Wait {}

    /**
     * For the provider's answer.
     *
     * @param gate its name: whose call, and to which host
     * @param number of the event's calls
     * @param before what the last one came to; null if this is the first
     */
    record Call(String gate, int number, @Nullable String before) implements Wait {}

    /**
     * Between two calls.
     *
     * @param number of the call that comes next
     * @param why what the last one came to
     */
    record BackOff(int number, String why, Instant until) implements Wait {}

    /** For the transaction that publishes what it came to. */
    record Commit() implements Wait {}

    /** For an operator, to mend a topic without which no event can end. */
    record Topic(String name, String why) implements Wait {}
}
