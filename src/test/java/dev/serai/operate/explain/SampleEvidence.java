package dev.serai.operate.explain;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.wire.Json;
import dev.serai.wire.event.CorrelationHeaders;
import dev.serai.wire.event.Deadlines;
import dev.serai.wire.event.EventPreviews;
import dev.serai.wire.event.ReplyTopics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** Evidence that a test puts together: of learner-1, of whom visit-1 is answered unless the test says otherwise. */
final class SampleEvidence {
    static final Instant NOW = Instant.parse("2026-01-31T10:00:42Z");
    static final String START = "conversation.start";
    static final String REPLIES = "conversation.replies";
    static final String LETTERS = "conversation.dead-letters";

    static final EventReader READER = new EventReader(
            new EventPreviews(
                    new Deadlines(
                            Duration.ofMinutes(2),
                            Duration.ofSeconds(5),
                            Duration.ofMinutes(1),
                            new CorrelationHeaders(List.of())),
                    Set.of("default"),
                    null),
            new ReplyTopics(REPLIES, Set.of(), List.of(), List.of()));

    final List<Arrival> arrivals = new ArrayList<>();
    final List<Arrival> undecided = new ArrayList<>();
    final List<FoundReply> answers = new ArrayList<>();
    final List<Rejection> letters = new ArrayList<>();
    final List<OpenTransaction> transactions = new ArrayList<>();
    final List<ServiceSeen> services = new ArrayList<>();
    final List<RawSeen> raw = new ArrayList<>();
    final List<Looked> looked = new ArrayList<>(
            List.of(new Looked(START, "", 1, 1204, true, true), new Looked(REPLIES, "", 1, 1187, true, false)));
    SessionsSeen sessions = SessionsSeen.NONE;
    final TreeMap<String, String> unseen = new TreeMap<>();
    GroupSeen group = group(1, "serai-0 at /10.0.0.7", 42L);
    Duration replyRetention = Duration.ofHours(1);

    static GroupSeen group(int members, @Nullable String owner, @Nullable Long committed) {
        return new GroupSeen("serai", 3, members, false, owner, committed, 43, null, false);
    }

    /** @param secondsAgo when it was published */
    Arrival arrived(long offset, String id, long secondsAgo) {
        Arrival arrival =
                arrival(offset, id, secondsAgo, "{\"event_id\":\"" + id + "\",\"character_id\":\"museum-guide\"}");
        arrivals.add(arrival);
        return arrival;
    }

    Arrival end(long offset, String id, long secondsAgo) {
        Arrival arrival = arrival(offset, id, secondsAgo, "{\"event_id\":\"" + id + "\",\"action\":\"end\"}");
        arrivals.add(arrival);
        return arrival;
    }

    static Arrival arrival(long offset, String id, long secondsAgo, String value) {
        return READER.arrival(read(START, 3, offset, secondsAgo, value));
    }

    /** @param quoted the reply's fields, in single quotes */
    void answered(long offset, long secondsAgo, String quoted) {
        answers.add(FoundReply.of(read(REPLIES, 1, offset, secondsAgo, quoted.replace('\'', '"'))));
    }

    void held(String quoted) {
        services.add(ServiceSeen.of("127.0.0.1:8080", json("{'events':[" + quoted + "]}"), null));
    }

    Rejection rejected(Arrival arrival, String category, Rejection.@Nullable ReplaySeen replay) {
        Rejection letter = new Rejection(
                new Position(LETTERS, 0, 5),
                arrival.at(),
                arrival.eventId(),
                arrival.key(),
                category,
                "it answers 503",
                NOW.minusSeconds(3),
                0,
                replay);
        letters.add(letter);
        return letter;
    }

    static JsonNode json(String quoted) {
        try {
            return Json.MAPPER.readTree(quoted.replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ConsumerRecord<byte[], byte[]> read(
            String topic, int partition, long offset, long secondsAgo, String value) {
        return new ConsumerRecord<>(
                topic,
                partition,
                offset,
                NOW.minusSeconds(secondsAgo).toEpochMilli(),
                TimestampType.CREATE_TIME,
                0,
                0,
                "learner-1".getBytes(UTF_8),
                value.getBytes(UTF_8),
                new RecordHeaders(),
                Optional.empty());
    }

    Story of(Question question) {
        Deployment deployment = new Deployment(
                START,
                REPLIES,
                LETTERS,
                "conversation.sessions",
                "serai",
                Set.of(REPLIES),
                Map.of("phone", "calls.raw"),
                Duration.ofMinutes(5),
                replyRetention,
                READER);
        return Story.of(new Evidence(
                question,
                deployment,
                NOW,
                NOW.minus(Duration.ofDays(1)),
                "learner-1",
                arrivals,
                undecided,
                answers,
                letters,
                List.of(group),
                transactions,
                services,
                sessions,
                raw,
                looked,
                new TreeSet<>(),
                unseen,
                List.of()));
    }

    Story ofEvent(String id) {
        return of(new Question.OfEvent(id));
    }
}
