package dev.serai.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The start events, numbered from 0 and the same in every run: which conversation an event is of looks random, and
 * follows from its number.
 *
 * @param conversations distinct keys
 */
record Events(int conversations) {
    private static final String ID_PREFIX = "event-";
    private static final String KEY_PREFIX = "conversation-";
    private static final int SCENES = 100;

    String key(int number) {
        return KEY_PREFIX + conversation(number);
    }

    byte[] value(int number) {
        return """
                {"event_id":"%s%d","character_id":"museum-guide","connection_type":"audio","end_user_id":"%s",\
                "scene_ref":"%s",\
                "scene_description":[{"name":"hall","description":"A bright hall with three electric cars."},\
                {"name":"visitor","description":"A learner who is here for the first time."}]}""".formatted(ID_PREFIX, number, learner(conversation(number)), scene(number % SCENES))
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Whom the events of a conversation are about. */
    static String learner(int conversation) {
        return "learner-" + conversation;
    }

    private static String scene(int number) {
        return "hall-" + number;
    }

    /** The scenes that events refer to. */
    static List<String> scenes() {
        return IntStream.range(0, SCENES).mapToObj(Events::scene).toList();
    }

    /** The conversation of an event, from 0. */
    int conversation(int number) {
        // The finalizer of MurmurHash3: neighbours end up far apart.
        int hash = number * 0x9E3779B9;
        hash = (hash ^ (hash >>> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >>> 13)) * 0xC2B2AE35;
        return Math.floorMod(hash ^ (hash >>> 16), conversations);
    }

    /** The number of the event that has this id. */
    static int number(String eventId) {
        if (!eventId.startsWith(ID_PREFIX)) {
            throw new IllegalArgumentException("no event of the benchmark has the id " + eventId);
        }
        return Integer.parseInt(eventId.substring(ID_PREFIX.length()));
    }
}
