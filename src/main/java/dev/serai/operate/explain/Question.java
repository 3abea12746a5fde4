package dev.serai.operate.explain;

/** What is to be explained. */
public sealed interface Question {
    /** For a sentence. */
    String text();

    /**
     * An event.
     *
     * @param id as the service calls it: what the event says, or its position
     */
    record OfEvent(String id) implements Question {
        @Override
        public String text() {
            return "event " + id;
        }
    }

    /**
     * A conversation.
     *
     * @param key not copied, never to be changed
     * @param written how whoever asked has written the key
     */
    @SuppressWarnings("ArrayRecordComponent") // opaque bytes, never changed
    record OfConversation(byte[] key, String written) implements Question {
        @Override
        public String text() {
            return "conversation " + written;
        }
    }

    /** A room, as replies name it. */
    record OfRoom(String name) implements Question {
        @Override
        public String text() {
            return "room " + name;
        }
    }
}
