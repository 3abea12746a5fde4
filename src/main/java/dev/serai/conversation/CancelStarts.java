package dev.serai.conversation;

import dev.serai.engine.Delivery;
import dev.serai.wire.EndConversation;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.Secrets;
import dev.serai.wire.event.Decoded;
import dev.serai.wire.event.EventPreview;
import dev.serai.wire.event.EventPreviews;
import dev.serai.wire.event.StartEventDecoder;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows the start events that this process holds by their conversation, and cancels those that lie before an end event as
 * soon as that is read: nothing they wait for is worth waiting for any more, and each has its answer at once.
 *
 * <p>An event whose answer is on its way is not among them any more; what it has opened, the end event ends in its turn.
 *
 * <p>Thread-safe: under one lock, which is held for short work in memory only.
 */
public final class CancelStarts {
    private static final Logger LOG = LoggerFactory.getLogger(CancelStarts.class);

    private final StartEventDecoder decoder;
    private final Consumer<byte[]> endNow;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Place, ArrayDeque<Start>> held = new HashMap<>();

    /** Where the events of one conversation are in order. */
    private record Place(int partition, ByteBuffer key) {
        static @Nullable Place of(OriginalRecord original) {
            byte[] key = original.key();
            return key == null || key.length == 0 ? null : new Place(original.partition(), ByteBuffer.wrap(key));
        }
    }

    /**
     * One that is held.
     *
     * @param tenant whose it is, as far as can be seen before it is decoded; likewise its character
     */
    private record Start(
            Conversation conversation,
            @Nullable String tenant,
            @Nullable String characterId) {}

    /**
     * @param endNow is told of keys of which events were cancelled, so that what of them waits only for others' sake
     *     waits no longer; must not block
     */
    public CancelStarts(StartEventDecoder decoder, Consumer<byte[]> endNow) {
        this.decoder = decoder;
        this.endNow = endNow;
    }

    /** From now on an end event finds this start event, until its routes have ended. */
    void hold(Conversation conversation, EventPreview preview, Exchange exchange) {
        Place place = Place.of(conversation.original());
        if (place == null) {
            return;
        }
        Start start = new Start(conversation, preview.tenant(), preview.characterId());
        lock.lock();
        try {
            held.computeIfAbsent(place, any -> new ArrayDeque<>(2)).add(start);
        } finally {
            lock.unlock();
        }
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                release(place, start);
            }
        });
    }

    private void release(Place place, Start start) {
        lock.lock();
        try {
            ArrayDeque<Start> starts = held.get(place);
            if (starts != null && starts.remove(start) && starts.isEmpty()) {
                held.remove(place);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * An end event was read. One that is not in order cancels nothing, and neither does one that is so long that it would keep
     * the consumer from reading on; either is answered in its turn.
     */
    void read(Conversation endEvent) {
        OriginalRecord original = endEvent.original();
        Place place = Place.of(original);
        if (place == null
                || !EventPreviews.seesAllOf(original)
                || !(decoder.decode(original, endEvent.takenAt()) instanceof Decoded.End decoded)) {
            return;
        }
        List<Conversation> before = before(place, original.offset(), decoded.event());
        if (before.isEmpty()) {
            return;
        }
        String why = why(decoded.event());
        before.forEach(conversation -> conversation.delivery().cancel(why));
        endEvent.cancels(before);
        LOG.debug("{} start events of the conversation are cancelled by {}", before.size(), endEvent.delivery());
        endNow.accept(Objects.requireNonNull(original.key()));
    }

    private List<Conversation> before(Place place, long offset, EndConversation end) {
        lock.lock();
        try {
            List<Conversation> before = new ArrayList<>();
            for (Start start : held.getOrDefault(place, new ArrayDeque<>())) {
                Delivery delivery = start.conversation.delivery();
                if (start.conversation.original().offset() < offset
                        && end.concerns(start.tenant, start.characterId)
                        && !delivery.isUnwanted()) {
                    before.add(start.conversation);
                }
            }
            return before;
        } finally {
            lock.unlock();
        }
    }

    private static String why(EndConversation end) {
        String reason = end.reason();
        return Secrets.mask("end event " + quoted(end.eventId()) + " of this conversation came before there was a room"
                + (reason == null ? "" : ": " + quoted(reason)));
    }

    private static String quoted(String text) {
        return Json.MAPPER.getNodeFactory().textNode(text).toString();
    }
}
