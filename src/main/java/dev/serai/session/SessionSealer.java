package dev.serai.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serai.wire.KnownSecrets;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Seals open sessions for the session topic, and opens them again. What is sealed belongs to its conversation, and to all that
 * the record says of it in clear: moved to another conversation, tenant or event, or with another time, it cannot be opened.
 *
 * <p>Thread-safe; the keys may be replaced at any time.
 */
public final class SessionSealer {
    /** Of what is sealed, and of what it is bound to. */
    private static final byte FORMAT = 1;

    private static final int NO_REPLY = -1;

    private volatile SealingKeys keys;

    /** @param keys {@link SealingKeys#NONE} if open sessions are not to be in the topic */
    public SessionSealer(SealingKeys keys) {
        this.keys = keys;
    }

    /** Uses other keys from now on. */
    public void replace(SealingKeys others) {
        keys = others;
    }

    /** Whether open sessions are sealed at all. */
    public boolean isOn() {
        return !keys.isNone();
    }

    /** Whether it has the key of that id. */
    boolean has(String keyId) {
        return keys.has(keyId);
    }

    /**
     * Seals a session.
     *
     * @param key of the conversation
     * @throws IllegalStateException if there is no key to seal with
     */
    public SealedSession seal(byte[] key, OpenSession session) {
        SealingKeys now = keys;
        byte[] bound = bound(
                key,
                session.eventId(),
                session.characterId(),
                session.tenant(),
                session.openedAt(),
                session.closeAt());
        return new SealedSession(
                session.eventId(),
                session.characterId(),
                session.tenant(),
                session.openedAt(),
                session.closeAt(),
                now.sealingId(),
                now.seal(secrets(session), bound));
    }

    /**
     * Opens what was sealed for that conversation; from then on the process knows its ids as secrets.
     *
     * @throws UnsealableException if its key is not there, or it is not what was sealed
     */
    public OpenSession open(byte[] key, SealedSession sealed) throws UnsealableException {
        byte[] bound = bound(
                key, sealed.eventId(), sealed.characterId(), sealed.tenant(), sealed.openedAt(), sealed.closeAt());
        ByteBuffer secrets = ByteBuffer.wrap(keys.open(sealed.keyId(), sealed.sealed(), bound));
        try {
            if (secrets.get() != FORMAT) {
                throw new UnsealableException("it is of another version of this service");
            }
            List<String> ids = new ArrayList<>();
            for (int left = secrets.getInt(); left > 0; left--) {
                String id = new String(bytes(secrets, secrets.getInt()), UTF_8);
                KnownSecrets.OF_PROCESS.addHandedOut(id);
                ids.add(id);
            }
            int length = secrets.getInt();
            return new OpenSession(
                    sealed.eventId(),
                    sealed.characterId(),
                    sealed.tenant(),
                    ids,
                    sealed.openedAt(),
                    sealed.closeAt(),
                    length == NO_REPLY ? null : bytes(secrets, length));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new UnsealableException("it is of another version of this service");
        }
    }

    private static byte[] bytes(ByteBuffer from, int length) {
        byte[] bytes = new byte[length];
        from.get(bytes);
        return bytes;
    }

    private static byte[] secrets(OpenSession session) {
        return written(out -> {
            out.writeByte(FORMAT);
            out.writeInt(session.sessionIds().size());
            for (String id : session.sessionIds()) {
                put(out, id.getBytes(UTF_8));
            }
            byte[] reply = session.reply();
            if (reply == null) {
                out.writeInt(NO_REPLY);
            } else {
                put(out, reply);
            }
        });
    }

    private static byte[] bound(
            byte[] key,
            String eventId,
            String characterId,
            String tenant,
            Instant openedAt,
            @Nullable Instant closeAt) {
        return written(out -> {
            out.writeByte(FORMAT);
            put(out, key);
            put(out, eventId.getBytes(UTF_8));
            put(out, characterId.getBytes(UTF_8));
            put(out, tenant.getBytes(UTF_8));
            out.writeLong(openedAt.toEpochMilli());
            out.writeLong(closeAt == null ? Long.MAX_VALUE : closeAt.toEpochMilli());
        });
    }

    @FunctionalInterface
    private interface Content {
        void writeTo(DataOutputStream out) throws IOException;
    }

    private static byte[] written(Content content) {
        var bytes = new ByteArrayOutputStream(256);
        try (var out = new DataOutputStream(bytes)) {
            content.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written to", e);
        }
        return bytes.toByteArray();
    }

    private static void put(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
