package dev.serai.connect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.Digests;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.StartConversation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;

/**
 * How an event's next call asks for the one room of its event, whichever replica makes it and however often (contract, section
 * 4). The first call creates the room under the event's key. A conflict says that the key is taken: by a call whose answer was
 * lost, or by another one that is under way. Then the room is joined. When there is none to be joined, either it is not there
 * yet or not any more: creating and joining take turns, and after {@link #ROUNDS} rounds the key is given up for the next one.
 * Immutable.
 *
 * @param event stands for the event, the same for each of its calls
 * @param generation how many keys the event has had, this one included
 * @param join whether the next call joins a room, and does not create it
 * @param rounds how often a room under this key could neither be created nor joined
 */
public record OneRoom(String event, int generation, boolean join, int rounds) {
    /** With a back-off between them these take some seconds: longer than two calls that began together. */
    static final int ROUNDS = 3;

    /** Events that say one of these themselves know what they want. */
    private static final List<String> OF_THE_EVENT = List.of("shared_session_key", "mode", "characters");

    /** The room of an event of which nothing is known yet. */
    public static OneRoom of(String group, StartConversation event, OriginalRecord original) {
        return new OneRoom(digest(group, event, original), 1, false, 0);
    }

    /** Whether an event leaves it to this service under which key its room is opened. */
    public static boolean isLeftOpenBy(StartConversation event) {
        return OF_THE_EVENT.stream().noneMatch(event.connectOptions()::has);
    }

    /**
     * An event that has an id is the same event wherever it is published again; one without is its record, which its time tells
     * from one of the same position in a topic that was made anew.
     */
    private static String digest(String group, StartConversation event, OriginalRecord original) {
        MessageDigest digest = Digests.sha256();
        add(digest, group);
        add(digest, event.tenant());
        byte[] key = original.key();
        add(digest, key == null ? new byte[0] : key);
        add(digest, event.eventId());
        if (event.eventId().equals(original.position())) {
            add(digest, original.timestamp().toString());
        }
        return "serai-"
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(digest.digest())
                        .substring(0, 32);
    }

    private static void add(MessageDigest digest, String text) {
        add(digest, text.getBytes(StandardCharsets.UTF_8));
    }

    /** With its length, so that no two lists of texts come to the same. */
    private static void add(MessageDigest digest, byte[] bytes) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
    }

    /** The {@code shared_session_key}: within the contract's 1 to 128 of {@code [a-zA-Z0-9_-]}. */
    public String key() {
        return generation == 1 ? event : event + "-" + generation;
    }

    /** The provider has answered that the key is in use. */
    OneRoom taken() {
        return join ? notThere() : new OneRoom(event, generation, true, rounds);
    }

    /** The provider has answered that there is no room to join. */
    OneRoom notThere() {
        return rounds + 1 < ROUNDS
                ? new OneRoom(event, generation, false, rounds + 1)
                : new OneRoom(event, generation + 1, false, 0);
    }

    /** Puts it into a request. */
    void addTo(ObjectNode body) {
        body.put("shared_session_key", key()).put("mode", join ? "join" : "create");
        if (join) {
            // The character is in the room already.
            body.put("spawn_agent", false);
        }
    }

    /** The key lets others into the room. */
    @Override
    public String toString() {
        return "OneRoom[" + (join ? "join" : "create") + ", key " + generation + "]";
    }
}
