package dev.serai.conversation;

import dev.serai.wire.EndConversation;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.Secrets;
import dev.serai.wire.event.Decoded;
import dev.serai.wire.event.EventPreviews;
import dev.serai.wire.event.StartEventDecoder;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cancels those of the start events that this process holds that lie before an end event of their conversation, as soon as that
 * is read: nothing they wait for is worth waiting for any more, and each has its answer at once.
 *
 * <p>One of which it is not known yet whose it is, or with which character, is left to its turn, and what it opens to the end
 * event's: see {@link EventInFlight#isConcernedBy}.
 *
 * <p>An event whose answer is on its way is not among them any more; what it has opened, the end event ends in its turn.
 *
 * <p>Thread-safe.
 */
final class CancelStarts {
    private static final Logger LOG = LoggerFactory.getLogger(CancelStarts.class);

    private final StartEventDecoder decoder;
    private final HeldStarts held;
    private final Consumer<byte[]> endNow;

    /**
     * @param held the start events that this process holds
     * @param endNow is told of keys of which events were cancelled, so that what of them waits only for others' sake
     *     waits no longer; must not block
     */
    CancelStarts(StartEventDecoder decoder, HeldStarts held, Consumer<byte[]> endNow) {
        this.decoder = decoder;
        this.held = held;
        this.endNow = endNow;
    }

    /**
     * An end event was read. One that is not in order cancels nothing, and neither does one that is so long that it would keep
     * the consumer from reading on; either is answered in its turn.
     */
    void read(EventInFlight endEvent) {
        OriginalRecord original = endEvent.original();
        byte[] key = original.key();
        if (key == null
                || key.length == 0
                || !EventPreviews.seesAllOf(original)
                || !(decoder.decode(original, endEvent.takenAt()) instanceof Decoded.End decoded)) {
            return;
        }
        List<EventInFlight> before = before(original, decoded.event());
        if (before.isEmpty()) {
            return;
        }
        String why = why(decoded.event());
        before.forEach(inFlight -> inFlight.delivery().cancel(why));
        endEvent.cancels(before);
        LOG.debug("{} start events of the conversation are cancelled by {}", before.size(), endEvent.delivery());
        endNow.accept(key);
    }

    private List<EventInFlight> before(OriginalRecord original, EndConversation end) {
        return held.before(original).stream()
                .filter(start -> start.isConcernedBy(end))
                .filter(inFlight -> !inFlight.delivery().isUnwanted())
                .toList();
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
