package dev.serai.operate.explain;

import dev.serai.kafka.KeyPartitioner;
import dev.serai.operate.letters.DeadLetters;
import dev.serai.operate.letters.Letter;
import dev.serai.operate.letters.ReplayMarks;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/** Looks for dead letters, and for who has published them again. For one thread. */
record LetterLook(Sight sight, Map<String, Object> kafka, TimeLeft limit) {
    /** All letters of the conversation, or of the event. */
    void readLetters(Question question) throws InterruptedException {
        byte[] key = sight.findings().key;
        int count = sight.brokers().partitions(sight.deployment().deadLetterTopic());
        if (count == 0) {
            sight.findings()
                    .note("there is no topic " + sight.deployment().deadLetterTopic()
                            + ", where dead letters are to be");
            return;
        }
        List<Extent> extents = sight.brokers()
                .extents(
                        sight.deployment().deadLetterTopic(),
                        key == null
                                ? IntStream.range(0, count).boxed().toList()
                                : List.of(KeyPartitioner.MURMUR2.partition(key, count)),
                        sight.earliest(List.copyOf(sight.findings().arrivals.values())));
        sight.findings().held.addAll(extents);
        Named named = question instanceof Question.OfEvent event ? Named.of(event.id()) : null;
        sight.findings().looked.add(sight.committed().since("dead letters", extents, read -> {
            if (key != null ? Arrays.equals(key, read.key()) : named != null && isLetterOf(Letter.of(read), named)) {
                sight.findings().letter(Letter.of(read));
            }
            return false;
        }));
    }

    /** Of the event, of one of the records that were found, or of a raw one. */
    private boolean isLetterOf(Letter letter, Named named) {
        Position of = Rejection.of(letter, null).of();
        return letter.eventId().equals(named.id())
                || sight.findings().arrivals.values().stream()
                        .anyMatch(arrival -> arrival.at().equals(of))
                || sight.findings().raw.stream().anyMatch(raw -> raw.at().equals(of));
    }

    /**
     * Who has published which of them again.
     *
     * @throws dev.serai.kafka.TopicReadException if the marks cannot be read in the time that is left, for a minute at most
     */
    Map<Position, Rejection.ReplaySeen> replays() {
        if (sight.findings().letters.isEmpty()) {
            return Map.of();
        }
        ReplayMarks marks = marks(sight.deployment().deadLetterTopic());
        Map<Position, Rejection.ReplaySeen> replays =
                new TreeMap<>(sight.findings().letters.comparator());
        sight.findings().letters.forEach((at, letter) -> marks.replayOf(letter).ifPresent(id -> {
            var replay = marks.replay(id);
            replays.put(
                    at,
                    new Rejection.ReplaySeen(
                            id,
                            replay.map(json -> json.path("by").asText()).orElse(""),
                            replay.map(json -> json.path("begun_at").asText()).orElse(""),
                            replay.map(json -> json.path("state").asText()).orElse("")));
        }));
        return replays;
    }

    private ReplayMarks marks(String lettersTopic) {
        try {
            DeadLetters letters = DeadLetters.of(kafka, lettersTopic, limit.atMost(DeadLetters.PATIENCE));
            return ReplayMarks.read(kafka, letters, limit.atMost(DeadLetters.PATIENCE));
        } catch (TopicAuthorizationException e) {
            sight.findings()
                    .note("whether its dead letters were replayed is not known: " + ReplayMarks.topic(lettersTopic)
                            + " may not be read by this client");
            return ReplayMarks.unknown();
        }
    }
}
