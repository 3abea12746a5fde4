package dev.serai.conversation;

import dev.serai.connect.ConnectCall;
import dev.serai.engine.DeliveryCancelledException;
import dev.serai.observe.ConversationMetrics;
import dev.serai.observe.waiting.Wait;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import dev.serai.wire.JsonWeight;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.Secrets;
import dev.serai.wire.event.Decoded;
import dev.serai.wire.event.StartEventDecoder;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * Reads the event, or leaves for the reject route with {@code invalid_event}. Decoded, an event can weigh a hundred
 * times its bytes: one that is heavy waits here until there is memory for it, and holds that until its request is made.
 * Its deadline, which nobody knows before, is looked at afterwards. Thread-safe.
 */
public final class DecodeEvent implements Processor {
    private final StartEventDecoder decoder;
    private final DecodingBudget budget;
    private final long heaviest;
    private final ConversationMetrics metrics;

    /**
     * @param budget for decoded events
     * @param heaviest what would take more bytes of memory is refused
     */
    public DecodeEvent(StartEventDecoder decoder, DecodingBudget budget, long heaviest, ConversationMetrics metrics) {
        this.decoder = decoder;
        this.budget = budget;
        this.heaviest = heaviest;
        this.metrics = metrics;
    }

    @Override
    public void process(Exchange exchange) throws InterruptedException {
        EventInFlight inFlight = EventInFlight.of(exchange);
        OriginalRecord original = inFlight.original();
        byte[] value = decoder.isTooLong(original) ? null : StartEventDecoder.content(original);
        long weight = value == null ? 0 : JsonWeight.whileDecoded(value);
        if (weight > heaviest) {
            refuse(inFlight, decoder.refuse(original, tooHeavy(weight)));
        }
        DecodingBudget.Part part = budget.part(weight, inFlight.caller().priority());
        boolean accepted = false;
        try {
            inFlight.held().waitsFor(new Wait.Memory());
            awaitPart(inFlight, part);
            inFlight.held().goesOn();
            switch (budget.decode(part, () -> decoder.decode(original, inFlight.takenAt()))) {
                case Decoded.Accepted decoded -> {
                    exchange.getExchangeExtension().addOnCompletion(whenRoutesHaveEnded(inFlight));
                    inFlight.accept(decoded, part);
                    accepted = true;
                    metrics.fieldsIgnored(decoded.ignored().count());
                    BeginEvent.logIdentity(inFlight);
                }
                case Decoded.End decoded -> {
                    inFlight.accept(decoded.event(), decoded.ignored());
                    metrics.fieldsIgnored(decoded.ignored().count());
                    BeginEvent.logIdentity(inFlight);
                }
                case Decoded.Refused refused -> refuse(inFlight, refused);
            }
        } finally {
            if (!accepted) {
                part.close();
            }
        }
    }

    private void awaitPart(EventInFlight inFlight, DecodingBudget.Part part) throws InterruptedException {
        try {
            inFlight.delivery().awaitWanted(() -> {
                part.take();
                return part;
            });
        } catch (DeliveryCancelledException e) {
            // It is not decoded any more, and its answer has to name it.
            inFlight.refuse(decoder.refuse(inFlight.original(), String.valueOf(e.getMessage())));
            BeginEvent.logIdentity(inFlight);
            throw e;
        }
    }

    /** Completions run from the last to the first: this one before the event is committed, which can take long. */
    private static SynchronizationAdapter whenRoutesHaveEnded(EventInFlight inFlight) {
        return new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange exchange) {
                exchange.removeProperty(ConnectCall.PROPERTY);
                inFlight.ended();
            }
        };
    }

    private String tooHeavy(long weight) {
        return "the event would take about " + (weight >> 20) + " MiB of memory once it is decoded: at most "
                + (heaviest >> 20) + " MiB are allowed; send fewer objects and lists, or give the service more memory";
    }

    private void refuse(EventInFlight inFlight, Decoded.Refused refused) {
        inFlight.refuse(refused);
        metrics.fieldsIgnored(refused.ignored().count());
        BeginEvent.logIdentity(inFlight);
        throw new ConversationFailure(Failure.of(ErrorCategory.INVALID_EVENT, Secrets.mask(refused.reason())));
    }
}
