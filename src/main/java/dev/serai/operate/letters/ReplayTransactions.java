package dev.serai.operate.letters;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.kafka.TransactionalWriter;
import dev.serai.operate.letters.Verdict.Publish;
import dev.serai.wire.DeadLetter;
import dev.serai.wire.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Publishes events with the marks of their letters, together or not at all. All replays of one topic of letters have one
 * transactional id: whoever opens this ends what another has left undecided, and the other commits nothing any more. Marks
 * that are read after the opening are therefore complete, and stay so until another is opened.
 *
 * <p>For one thread. Every method may throw what Kafka's clients do; after that it is of no more use, but for a
 * {@link dev.serai.kafka.WriteRefusedException}.
 */
final class ReplayTransactions implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String marksTopic;
    private final TransactionalWriter writer;

    /** An event to be published, and the letter that it is of. */
    @SuppressWarnings("ArrayRecordComponent") // opaque bytes, handed over and never compared
    record Event(byte[] markKey, Letter letter, Publish to, Republication content) {}

    private ReplayTransactions(String marksTopic, TransactionalWriter writer) {
        this.marksTopic = marksTopic;
        this.writer = writer;
    }

    static ReplayTransactions open(Map<String, Object> kafka, String marksTopic) {
        return new ReplayTransactions(marksTopic, TransactionalWriter.open(kafka, marksTopic, PATIENCE));
    }

    /**
     * Publishes the events, their marks and the record of the replay.
     *
     * @param mark what the marks say beside where the event came to lie
     * @param replay the record of the replay, as it is with these
     * @throws dev.serai.kafka.WriteRefusedException if Kafka does not take one of the events; none is published then
     */
    void publish(List<Event> events, ObjectNode mark, String replayId, ObjectNode replay) {
        writer.write(events.stream().map(ReplayTransactions::toRecord).toList(), places -> {
            List<ProducerRecord<byte[], byte[]>> marks = new ArrayList<>();
            for (int i = 0; i < events.size(); i++) {
                marks.add(mark(events.get(i), places.get(i), mark));
            }
            marks.add(new ProducerRecord<>(
                    marksTopic, (ReplayMarks.REPLAY + replayId).getBytes(UTF_8), Json.bytes(replay)));
            return marks;
        });
    }

    private ProducerRecord<byte[], byte[]> mark(Event event, RecordMetadata at, ObjectNode mark) {
        ObjectNode value = mark.deepCopy();
        value.put("letter", event.letter().position());
        value.put("published", at.topic() + "-" + at.partition() + "-" + at.offset());
        return new ProducerRecord<>(marksTopic, event.markKey(), Json.bytes(value));
    }

    private static ProducerRecord<byte[], byte[]> toRecord(Event event) {
        Letter letter = event.letter();
        // A time of its own: spans count from it.
        var published = new ProducerRecord<>(
                event.to().topic(),
                event.to().partition(),
                letter.asRecord().key(),
                event.content().value());
        event.content().headers().forEach(header -> published.headers().add(header.name(), header.value()));
        published
                .headers()
                .add(DeadLetter.REPLAYS, Integer.toString(letter.replays() + 1).getBytes(UTF_8));
        return published;
    }

    /** What was not committed is aborted. */
    @Override
    public void close() {
        writer.close();
    }
}
