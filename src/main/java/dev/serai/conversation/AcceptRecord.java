package dev.serai.conversation;

import dev.serai.engine.Delivery;
import dev.serai.lane.LaneEndpoint;
import dev.serai.lane.Standing;
import dev.serai.route.ReceivedRecord;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.Priority;
import dev.serai.wire.StartConversation;
import dev.serai.wire.event.EventPreview;
import dev.serai.wire.event.EventPreviews;
import dev.serai.wire.event.StartEventDecoder;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.consumer.KafkaManualCommit;

/**
 * Turns what camel-kafka delivers into a {@link EventInFlight}, and empties the message: from here on no header of the
 * event is anywhere that an endpoint could send it from. An event that ends its conversation cancels here what of it waits
 * before it; batch events of a conversation go as live from when a live one of it is taken behind them.
 *
 * <p>The event is settled when its exchange has ended, see {@link SettleEvent}. Not by a step of the route: what a
 * failure policy has handled does not come back to the route's next step, and a step can be edited away. Stateless,
 * thread-safe.
 */
public final class AcceptRecord implements Processor {
    /** Whoever waits in person does not wait longer. */
    private static final Duration LONGEST_CALL = Duration.ofMinutes(10);

    private final SettleEvent settle;
    private final EventPreviews previews;
    private final HeldStarts starts = new HeldStarts();
    private final CancelStarts cancelStarts;
    private final HeldBatches batches;
    private final Consumer<byte[]> endNow;
    private final Clock clock;

    /**
     * @param batches is told of each event of a batch
     * @param endNow is told of keys of which events were cancelled, so that what of them waits only for others' sake
     *     waits no longer; must not block
     */
    public AcceptRecord(
            SettleEvent settle,
            EventPreviews previews,
            StartEventDecoder decoder,
            HeldBatches batches,
            Consumer<byte[]> endNow,
            Clock clock) {
        this.settle = settle;
        this.previews = previews;
        this.batches = batches;
        this.endNow = endNow;
        cancelStarts = new CancelStarts(decoder, starts, endNow);
        this.clock = clock;
    }

    /** Events of one flow do not keep those of others from running. */
    private record Flow(String tenant, Kind kind) {}

    private enum Kind {
        /** Somebody waits. */
        CALL,
        /** There is time until later. */
        LATER,
        /** It says itself that it has time. */
        BATCH,
        /** What it ends lets others run: it must not wait for a place behind those that wait for it. */
        END
    }

    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        if (!(message.getHeader(KafkaConstants.MANUAL_COMMIT, KafkaManualCommit.class) instanceof Delivery delivery)) {
            throw new IllegalStateException("start-conversation needs autoCommitEnable=false, allowManualCommit=true,"
                    + " kafkaClientFactory=#startEvents and kafkaManualCommitFactory=#startEvents");
        }
        accept(ReceivedRecord.takenFrom(message, clock), delivery, exchange);
    }

    /** Makes the exchange work on a record, and end it when the exchange ends. */
    public void accept(OriginalRecord original, Delivery delivery, Exchange exchange) {
        EventInFlight inFlight = new EventInFlight(original, delivery, clock.instant());
        inFlight.attachTo(exchange);
        // Without a key there is no conversation, and no order to keep.
        if (original.conversationKey() != null) {
            exchange.setProperty(LaneEndpoint.KEY_PROPERTY, Objects.requireNonNull(original.key()));
        }
        EventPreview preview = previews.of(original, inFlight.takenAt());
        inFlight.seen(preview);
        exchange.setProperty(LaneEndpoint.STANDING_PROPERTY, standing(preview, original, delivery));
        exchange.getExchangeExtension().addOnCompletion(settle.whenDone(inFlight));
        if (preview.ends()) {
            cancelStarts.read(inFlight);
        } else {
            inFlight.caller().ranks(preview.priority());
            if (preview.priority() == Priority.LIVE) {
                // Their order is kept, and its turn comes no sooner than theirs.
                starts.before(original).forEach(start -> start.caller().hurry());
            }
            starts.hold(inFlight, exchange);
            if (preview.priority() == Priority.BATCH) {
                byte[] key = original.key();
                Runnable endIt = key == null ? () -> {} : () -> endNow.accept(key);
                batches.hold(inFlight, EventPreviews.eventId(original), endIt, exchange);
            }
        }
        delivery.takeOver();
    }

    private Standing standing(EventPreview preview, OriginalRecord original, Delivery delivery) {
        String tenant = Objects.requireNonNullElse(preview.tenant(), StartConversation.DEFAULT_TENANT);
        if (preview.ends()) {
            return new Standing(new Flow(tenant, Kind.END), original.timestamp(), delivery::isRevoked);
        }
        Kind kind = preview.priority() == Priority.BATCH
                ? Kind.BATCH
                : preview.deadline().isAfter(clock.instant().plus(LONGEST_CALL)) ? Kind.LATER : Kind.CALL;
        return new Standing(
                new Flow(tenant, kind),
                kind == Kind.BATCH ? Standing.Rank.BACKGROUND : Standing.Rank.FOREGROUND,
                preview.deadline(),
                delivery::isUnwanted);
    }
}
