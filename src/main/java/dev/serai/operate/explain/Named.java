package dev.serai.operate.explain;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serai.wire.OriginalRecord;
import dev.serai.wire.event.StartEventDecoder;
import org.jspecify.annotations.Nullable;

/**
 * Which records are of an event, by its id. Most are told by a look for the id's bytes, so that a million can be looked
 * through; only those that may have it are read. Immutable and thread-safe.
 */
@SuppressWarnings("ArrayRecordComponent") // opaque bytes, never changed
record Named(String id, byte[] bytes) {
    static Named of(String id) {
        return new Named(id, id.getBytes(UTF_8));
    }

    /** Whether the service calls the record so. */
    boolean isOf(OriginalRecord event) {
        return event.position().equals(id)
                || (mayBe(event) && StartEventDecoder.eventId(event).equals(id));
    }

    /** Whether the text is anywhere in the record, whatever that is. */
    boolean isIn(OriginalRecord any) {
        return contains(any.value())
                || contains(any.key())
                || any.headers().stream().anyMatch(header -> contains(header.value()));
    }

    /** An id can be written with escapes, and that of a CloudEvent is put together, or a digest. */
    private boolean mayBe(OriginalRecord event) {
        return isIn(event) || hasBackslash(event.value()) || id.indexOf(' ') >= 0 || id.startsWith("sha256:");
    }

    private static boolean hasBackslash(byte @Nullable [] value) {
        if (value != null) {
            for (byte next : value) {
                if (next == '\\') {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean contains(byte @Nullable [] text) {
        if (text == null || bytes.length == 0) {
            return false;
        }
        byte first = bytes[0];
        for (int at = 0; at <= text.length - bytes.length; at++) {
            if (text[at] == first && matches(text, at)) {
                return true;
            }
        }
        return false;
    }

    private boolean matches(byte[] text, int at) {
        for (int i = 1; i < bytes.length; i++) {
            if (text[at + i] != bytes[i]) {
                return false;
            }
        }
        return true;
    }
}
