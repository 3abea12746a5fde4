package dev.serai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.serai.guarantee.SeenReply;
import dev.serai.standin.Fault;
import dev.serai.standin.FaultScript;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.TopicReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A stuck conversation delays no other. Two services run side by side under the same load, event by event in turn, so that
 * whatever else happens on the machine happens to both; for one of them, 1% of the conversations get no answer from the
 * provider for ten seconds. Measured is the time from publishing an event until a {@code read_committed} reader has its
 * reply, for all but the stuck conversations.
 */
class IsolationTest {
    private static final Duration STUCK_FOR = Duration.ofSeconds(10);

    /** For each of the two services. */
    private static final int PER_SECOND = 50;

    /** The median of so many 99th percentiles, each of as many events as four seconds bring, is compared. */
    private static final int ROUNDS = 5;

    private static final int EVENTS_PER_ROUND = 4 * PER_SECOND;

    /** In the first rounds the JVM compiles; they are not measured. */
    private static final int WARM_UP_ROUNDS = 2;

    private static final int ONE_STUCK_IN = 100;

    /** Slower than that without any stuck conversation, the machine is busy with something else, and says nothing. */
    private static final Duration KEEPS_UP = Duration.ofSeconds(1);

    private static final double MOST_GROWTH = 1.2;

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void stuckConversations_hardlyDelayTheOthers() throws Exception {
        try (var calm = new Subject("calm");
                var troubled = new Subject("stuck")) {
            troubled.serai
                    .standIn()
                    .script(FaultScript.always(Fault.delay(STUCK_FOR, STUCK_FOR))
                            .forCharacter("slow"));
            List<Subject> subjects = List.of(calm, troubled);
            publish(-WARM_UP_ROUNDS, 0, subjects);
            for (Subject subject : subjects) {
                subject.awaitReplies();
            }
            publish(0, ROUNDS, subjects);

            Duration undisturbed = calm.medianOf99thPercentiles();
            Duration disturbed = troubled.medianOf99thPercentiles();

            System.out.printf(
                    "99th percentile from publishing to reply: %d ms without stuck conversations, %d ms beside 1%% stuck%n",
                    undisturbed.toMillis(), disturbed.toMillis());
            assumeThat(undisturbed).as("on a machine that keeps up").isLessThan(KEEPS_UP);
            assertThat(disturbed)
                    .as("beside stuck conversations, against %s without", undisturbed)
                    .isLessThanOrEqualTo(Duration.ofNanos((long) (undisturbed.toNanos() * MOST_GROWTH)));
        }
    }

    private static void publish(int firstRound, int endRound, List<Subject> subjects) {
        long start = System.nanoTime();
        int published = 0;
        for (int round = firstRound; round < endRound; round++) {
            for (int i = 0; i < EVENTS_PER_ROUND; i++) {
                boolean stuck = i % ONE_STUCK_IN == ONE_STUCK_IN / 2;
                for (Subject subject : subjects) {
                    subject.publish(round, i, stuck);
                    waitUntil(start
                            + ++published * Duration.ofSeconds(1).toNanos() / ((long) PER_SECOND * subjects.size()));
                }
            }
        }
    }

    /** The load's pace is a matter of time, and nothing else is. */
    private static void waitUntil(long due) {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** One of the two services, with its own topics and stand-in, and a reader of its replies on a thread of its own. */
    private static final class Subject implements AutoCloseable {
        private static final Duration POLL = Duration.ofMillis(100);

        private final RunningSerai serai = new RunningSerai(RunningSerai.withoutSources(Map.of(
                "serai.connect.response-timeout", "30s",
                "serai.connect.total-timeout", "1m",
                // A stuck call is one of the calls that may be made at once: there must be more of these than
                // of those.
                "serai.connect.max-concurrent", "64")));
        private final String topic = serai.settings().kafka().startTopic();
        private final TopicReader replies = new TopicReader(
                SharedBroker.bootstrapServers(), serai.settings().kafka().replyTopic());
        private final KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", SharedBroker.bootstrapServers(), "linger.ms", 0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        private final List<Future<?>> sent = new ArrayList<>();
        private final Map<String, Long> publishedAt = new ConcurrentHashMap<>();
        private final Map<String, Duration> took = new ConcurrentHashMap<>();
        private final Thread reading;
        private volatile boolean closed;

        private Subject(String name) {
            serai.standIn().latency(Duration.ofMillis(250), Duration.ofMillis(300));
            reading = Thread.ofPlatform().name("read-" + name).start(this::read);
        }

        /** A stuck event is the only one of its conversation; every third of the others goes on with an earlier one. */
        private void publish(int round, int number, boolean stuck) {
            String eventId = round + "/" + number;
            String conversation = stuck ? "stuck-" + eventId : "c" + round + "-" + number % (EVENTS_PER_ROUND * 2 / 3);
            String event = "{\"event_id\":\"" + eventId + "\",\"character_id\":\"" + (stuck ? "slow" : "quick") + "\"}";
            if (!stuck) {
                publishedAt.put(eventId, System.nanoTime());
            }
            sent.add(producer.send(new ProducerRecord<>(topic, conversation.getBytes(UTF_8), event.getBytes(UTF_8))));
        }

        private void read() {
            while (!closed) {
                for (var reply : replies.next(POLL)) {
                    String eventId = SeenReply.of(reply).eventId();
                    Long since = publishedAt.get(eventId);
                    if (since != null) {
                        took.putIfAbsent(eventId, Duration.ofNanos(System.nanoTime() - since));
                    }
                }
            }
        }

        /** Until all but the stuck conversations have theirs. */
        private void awaitReplies() throws InterruptedException, ExecutionException {
            for (Future<?> event : sent) {
                event.get();
            }
            await("a reply to every event")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> took.size() == publishedAt.size());
        }

        private Duration medianOf99thPercentiles() throws InterruptedException, ExecutionException {
            awaitReplies();
            List<Duration> percentiles = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                String prefix = round + "/";
                List<Duration> ofRound = took.entrySet().stream()
                        .filter(reply -> reply.getKey().startsWith(prefix))
                        .map(Map.Entry::getValue)
                        .sorted()
                        .toList();
                percentiles.add(ofRound.get(ofRound.size() * 99 / 100));
            }
            Collections.sort(percentiles);
            return percentiles.get(ROUNDS / 2);
        }

        @Override
        public void close() {
            producer.close(Duration.ZERO);
            serai.close();
            closed = true;
            try {
                reading.join();
                replies.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
