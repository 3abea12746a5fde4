package dev.serai.session;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.UUID;

/**
 * A {@link ConversationState} as one array of bytes, since a million of them stay in memory: the time in milliseconds
 * (8 bytes), the number of sessions (1), each as character and session, the number of events (1), each event, the number of
 * final ends (1), each as tenant, event and time in milliseconds (8). A text is
 * its length in UTF-8 plus one as a varint, and its bytes; a lower-case UUID, as most ids are, is a zero and its 16
 * bytes.
 */
final class CompactState {
    private static final int UUID_LENGTH = 36;
    private static final int PACKED_UUID = 0;
    private static final int LARGEST_VARINT = 5;

    private CompactState() {}

    /** Texts must have a form in UTF-8: of an unpaired surrogate, a question mark remains. */
    static byte[] of(ConversationState state) {
        ByteBuffer bytes = ByteBuffer.allocate(bound(state));
        bytes.putLong(state.updatedAt().toEpochMilli());
        bytes.put((byte) state.sessions().size());
        state.sessions().forEach((characterId, session) -> {
            put(bytes, characterId);
            put(bytes, session);
        });
        bytes.put((byte) state.eventIds().size());
        state.eventIds().forEach(eventId -> put(bytes, eventId));
        bytes.put((byte) state.ends().size());
        state.ends().forEach((tenant, end) -> {
            put(bytes, tenant);
            put(bytes, end.eventId());
            bytes.putLong(end.at().toEpochMilli());
        });
        byte[] exact = new byte[bytes.position()];
        bytes.get(0, exact);
        return exact;
    }

    static ConversationState state(byte[] compact) {
        ByteBuffer bytes = ByteBuffer.wrap(compact);
        Instant updatedAt = Instant.ofEpochMilli(bytes.getLong());
        SequencedMap<String, String> sessions = new LinkedHashMap<>();
        for (int left = bytes.get(); left > 0; left--) {
            sessions.put(text(bytes), text(bytes));
        }
        List<String> eventIds = new ArrayList<>();
        for (int left = bytes.get(); left > 0; left--) {
            eventIds.add(text(bytes));
        }
        SequencedMap<String, FinalEnd> ends = new LinkedHashMap<>();
        for (int left = bytes.get(); left > 0; left--) {
            ends.put(text(bytes), new FinalEnd(text(bytes), Instant.ofEpochMilli(bytes.getLong())));
        }
        return new ConversationState(sessions, eventIds, ends, updatedAt);
    }

    /** {@code updatedAt} in milliseconds since the epoch, without reading the rest. */
    static long updatedAt(byte[] compact) {
        return ByteBuffer.wrap(compact).getLong();
    }

    private static int bound(ConversationState state) {
        int bound = Long.BYTES + 3 * Byte.BYTES;
        for (Map.Entry<String, String> session : state.sessions().entrySet()) {
            bound += bound(session.getKey()) + bound(session.getValue());
        }
        for (String eventId : state.eventIds()) {
            bound += bound(eventId);
        }
        for (Map.Entry<String, FinalEnd> end : state.ends().entrySet()) {
            bound += bound(end.getKey()) + bound(end.getValue().eventId()) + Long.BYTES;
        }
        return bound;
    }

    private static int bound(String text) {
        return LARGEST_VARINT + 3 * text.length();
    }

    private static void put(ByteBuffer bytes, String text) {
        if (text.length() == UUID_LENGTH && putUuid(bytes, text)) {
            return;
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        putVarint(bytes, utf8.length + 1);
        bytes.put(utf8);
    }

    private static boolean putUuid(ByteBuffer bytes, String text) {
        try {
            UUID uuid = UUID.fromString(text);
            if (!uuid.toString().equals(text)) {
                return false; // other digits or a short group, which would not come back as they were
            }
            bytes.put((byte) PACKED_UUID);
            bytes.putLong(uuid.getMostSignificantBits());
            bytes.putLong(uuid.getLeastSignificantBits());
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String text(ByteBuffer bytes) {
        int header = varint(bytes);
        if (header == PACKED_UUID) {
            return new UUID(bytes.getLong(), bytes.getLong()).toString();
        }
        byte[] utf8 = new byte[header - 1];
        bytes.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private static void putVarint(ByteBuffer bytes, int value) {
        int rest = value;
        while (rest >= 0x80) {
            bytes.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        bytes.put((byte) rest);
    }

    private static int varint(ByteBuffer bytes) {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = bytes.get();
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }
}
