package dev.serai.operate.explain;

import dev.serai.kafka.TopicReadException;
import dev.serai.wire.OriginalRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Finds what there is to be known of an event, a conversation or a room: on the topics, from the newest records back, and from
 * the services that can be asked. Changes nothing. For one question, on one thread.
 */
public final class Investigation implements AutoCloseable {
    private final Sight sight;
    private final StartTopicLook events;
    private final ReplyLook replies;
    private final LetterLook letters;
    private final SessionLook sessions;

    /**
     * @param since records from before are not looked at
     * @param limit when that is over, what was found until then is what there is
     */
    public Investigation(
            Map<String, Object> kafka,
            Deployment deployment,
            Instant now,
            Instant since,
            TimeLeft limit,
            Looked.Progress progress) {
        this(kafka, deployment, now, since, limit, progress, TopicScan.WINDOW);
    }

    /** @param window offsets that are read at once */
    Investigation(
            Map<String, Object> kafka,
            Deployment deployment,
            Instant now,
            Instant since,
            TimeLeft limit,
            Looked.Progress progress,
            long window) {
        sight = new Sight(
                deployment,
                now,
                since,
                new BrokerLook(kafka),
                new TopicScan(kafka, IsolationLevel.READ_COMMITTED, window, limit, progress),
                new TopicScan(kafka, IsolationLevel.READ_UNCOMMITTED, window, limit, progress),
                new Findings());
        events = new StartTopicLook(sight);
        replies = new ReplyLook(sight);
        letters = new LetterLook(sight, kafka, limit);
        sessions = new SessionLook(kafka, deployment, now, limit);
    }

    /**
     * Looks.
     *
     * @throws KafkaException if Kafka does not answer, or refuses for another reason than rights
     */
    public Evidence look(Question question, ServiceSeen.Services services) throws InterruptedException {
        Findings findings = sight.findings();
        Deployment deployment = sight.deployment();
        Set<Integer> partitions = find(question);
        List<Extent> start = new ArrayList<>();
        sight.where(
                deployment.startTopic(),
                () -> start.addAll(sight.brokers().extents(deployment.startTopic(), partitions, sight.since())));
        // First what is done with and what is held, then the replies: what was answered meanwhile is answered.
        for (Extent extent : start) {
            findings.groups.add(sight.brokers().group(deployment.groupId(), extent));
        }
        List<ServiceSeen> asked = holding(services);
        sight.where(deployment.startTopic(), () -> events.readConversation(start));
        replies.readAnswers();
        sight.where(deployment.deadLetterTopic(), () -> letters.readLetters(question));
        Map<Position, Rejection.ReplaySeen> replays = replays();
        // A service that takes the partition over waits for what holds its session records.
        sight.where(
                deployment.sessionTopic(),
                () -> findings.held.addAll(
                        sight.brokers().extents(deployment.sessionTopic(), partitions, sight.now())));
        SessionsSeen seen = sessions.of(findings.key, seenOf(deployment.sessionTopic(), partitions));
        findings.sortAnswers();
        return new Evidence(
                question,
                deployment,
                sight.now(),
                sight.since(),
                written(findings.key),
                List.copyOf(findings.arrivals.values()),
                List.copyOf(findings.undecided.values()),
                findings.answers,
                findings.letters.entrySet().stream()
                        .map(letter -> Rejection.of(letter.getValue(), replays.get(letter.getKey())))
                        .toList(),
                findings.groups,
                transactions(),
                asked,
                seen,
                findings.raw,
                findings.looked,
                findings.forbidden,
                sight.brokers().unseen(),
                findings.notes);
    }

    /** Whoever waits for the others waits in vain. */
    private Set<Integer> seenOf(String topic, Set<Integer> partitions) {
        Set<Integer> seen = new TreeSet<>(partitions);
        seen.removeIf(number -> sight.brokers().unseen().containsKey(new TopicPartition(topic, number).toString()));
        return seen;
    }

    private Set<Integer> find(Question question) throws InterruptedException {
        return switch (question) {
            case Question.OfEvent event -> findEvent(event.id());
            case Question.OfConversation conversation -> conversation(conversation.key());
            case Question.OfRoom room -> {
                replies.findAnswers(answer -> room.name().equals(answer.room()), "room " + room.name());
                byte[] key = sight.findings().key;
                Optional<FoundReply> first = sight.findings().answers.stream().findFirst();
                yield key != null
                        ? conversation(key)
                        : first.isPresent() ? event(first.get().eventId()) : Set.of();
            }
        };
    }

    private Set<Integer> findEvent(String id) throws InterruptedException {
        Set<Integer> partitions = event(id);
        if (partitions.isEmpty()) {
            replies.findAnswers(answer -> answer.eventId().equals(id), "replies to event " + id);
            new RawLook(sight).findRaw(Named.of(id));
        }
        return partitions;
    }

    private Set<Integer> event(String id) throws InterruptedException {
        Set<Integer> partitions = new TreeSet<>();
        sight.where(sight.deployment().startTopic(), () -> partitions.addAll(events.findEvent(id)));
        return partitions;
    }

    private Set<Integer> conversation(byte[] key) throws InterruptedException {
        Set<Integer> partitions = new TreeSet<>();
        sight.where(sight.deployment().startTopic(), () -> partitions.addAll(events.findConversation(key)));
        return partitions;
    }

    private Map<Position, Rejection.ReplaySeen> replays() {
        try {
            return letters.replays();
        } catch (TopicReadException | KafkaException e) {
            sight.findings().note("whether dead letters were replayed cannot be seen: " + e.getMessage());
            return Map.of();
        }
    }

    private List<OpenTransaction> transactions() throws InterruptedException {
        try {
            return sight.brokers()
                    .holding(sight.findings().held.stream().distinct().toList());
        } catch (KafkaException e) {
            sight.findings().note("a transaction is open, and Kafka does not say which: " + e.getMessage());
            return List.of();
        }
    }

    private List<ServiceSeen> holding(ServiceSeen.Services services) throws InterruptedException {
        String key = written(sight.findings().key);
        var arrivals = sight.findings().arrivals;
        return key != null || arrivals.isEmpty()
                ? services.holding(key == null ? "" : key, null)
                : services.holding(null, arrivals.lastKey());
    }

    private static @Nullable String written(byte @Nullable [] key) {
        return key == null ? null : new OriginalRecord("", 0, 0, Instant.EPOCH, key, null, List.of()).conversationKey();
    }

    @Override
    public void close() {
        sight.committed().close();
        sight.undecided().close();
        sight.brokers().close();
    }
}
