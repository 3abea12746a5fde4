package dev.serai.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.Pages;
import dev.serai.testing.Producers;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.TopicReader;
import dev.serai.trial.standin.StandIn;
import dev.serai.trial.standin.StandInOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Events that weigh many times their bytes once they are decoded, for a service of 256 MiB of memory, in a process of its
 * own: each is answered once, and small events of other conversations hardly wait for them.
 */
@BesideOthers
@Order(BesideOthers.LONG)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@LeftToCi
class HeavyEventsTest {
    private static final String HEAP = "256m";
    private static final int PARTITIONS = 4;
    private static final String KEY_OF = "key-of-";
    private static final String EXPIRED = ",\"expires_at\":\"2020-01-01T00:00:00Z\"";

    /** More than is held at once: the small events behind them in their partitions wait to be read. */
    @Tag("chaos-long")
    @Test
    void smallObjectsByTheThousand_doNotExhaustMemory() throws Exception {
        try (Subject serai = new Subject(Map.of())) {
            serai.publishAndAwait(600, "", "{}", 250_000);
        }
    }

    /** As many as have ended a process before; more than four times its heap, decoded. */
    @Test
    void smallObjects_doNotExhaustMemory() throws Exception {
        try (Subject serai = new Subject(Map.of())) {
            serai.publishAndAwait(150, "", "{}", 250_000);
        }
    }

    /**
     * Heavy events are decoded a few at a time; nobody else waits for that. They are expired, so that it is this service
     * that they keep busy and not the stand-in, and all of them are held at once.
     */
    @Tag("chaos-long")
    @Test
    void heavyEvents_hardlyDelaySmallOnesOfOtherConversations() throws Exception {
        try (Subject serai = new Subject(Map.of("serai.kafka.max-in-flight-bytes", "64MiB"))) {
            serai.publishAndAwait(10, EXPIRED, "{}", 250_000);

            Measured measured = serai.publishAndAwait(200, EXPIRED, "{}", 250_000);

            // Seen: a fiftieth; as long as all the heavy ones while they were decoded by virtual threads.
            assertThat(measured.median()).isLessThan(measured.took().dividedBy(4));
        }
    }

    /** Their dead letters or replies would be a gigabyte, too: what is committed together is bounded with what is held. */
    @Tag("chaos-long")
    @Test
    void eventsOfAMegabyte_areHeldAFewAtATime() throws Exception {
        try (Subject serai = new Subject(Map.of("serai.conversation.max-event-bytes", "1MiB"))) {
            serai.publishAndAwait(1_000, "", "\"" + "a".repeat(10_000) + "\"", 1_000_000);
        }
    }

    /**
     * How long it took.
     *
     * @param took until every event was answered
     * @param median of the small events
     */
    private record Measured(Duration took, Duration median) {}

    /** A service in a process of its own, with its own topics and stand-in. */
    private static final class Subject implements AutoCloseable {
        private final String suffix = "." + UUID.randomUUID().toString().substring(0, 8);
        private final StandIn standIn =
                StandIn.start(StandInOptions.defaults().withPort(0).withApiKey(RunningSerai.API_KEY));
        private final Map<String, AtomicInteger> replies = new ConcurrentHashMap<>();
        private final Set<String> statuses = ConcurrentHashMap.newKeySet();
        private final Map<String, Long> publishedAt = new ConcurrentHashMap<>();
        private final Map<String, Long> repliedAt = new ConcurrentHashMap<>();
        private final JavaProcess process;
        private final KafkaProducer<byte[], byte[]> producer;
        private final Thread reader;
        private volatile boolean closed;
        private final List<Future<RecordMetadata>> sent = new ArrayList<>();
        private int rounds;

        Subject(Map<String, String> further) {
            Map<String, String> settings = new HashMap<>();
            for (String topic : List.of("start", "reply", "dead-letter", "session")) {
                settings.put("serai.kafka." + topic + "-topic", "heavy." + topic + suffix);
            }
            settings.put("serai.kafka.bootstrap-servers", SharedBroker.bootstrapServers());
            settings.put("serai.kafka.group-id", "heavy" + suffix);
            settings.put("serai.kafka.partitions", Integer.toString(PARTITIONS));
            settings.put("serai.instance-id", "heavy" + suffix);
            settings.put("serai.http.port", "0");
            settings.put("serai.connect.base-url", standIn.baseUrl().toString());
            settings.put("serai.connect.response-timeout", "20s");
            settings.put("serai.connect.total-timeout", "1m");
            settings.put("serai.connect.max-concurrent", "16");
            settings.put("serai.conversation.ttl", "1h");
            settings.putAll(further);
            List<String> arguments = new ArrayList<>(List.of("run"));
            settings.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
            process = JavaProcess.startSerai(
                    List.of("-Xmx" + HEAP, "-XX:+ExitOnOutOfMemoryError"),
                    Map.of("CONVAI_API_KEY", RunningSerai.API_KEY),
                    arguments.toArray(String[]::new));
            await("the service")
                    .atMost(Duration.ofMinutes(1))
                    .failFast(() -> assertThat(process.hasEnded())
                            .as(() -> process.lastErrors(30))
                            .isFalse())
                    .until(() -> process.errors().contains("Ready: "));
            producer = Producers.plain(SharedBroker.bootstrapServers());
            reader = Thread.ofPlatform().name("heavy-replies").start(this::read);
        }

        private void read() {
            try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                    Map.of(
                            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                            SharedBroker.bootstrapServers(),
                            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                            "read_committed",
                            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                            "earliest"),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer())) {
                consumer.assign(IntStream.range(0, PARTITIONS)
                        .mapToObj(partition -> new TopicPartition("heavy.reply" + suffix, partition))
                        .toList());
                while (!closed) {
                    consumer.poll(Duration.ofMillis(50)).forEach(reply -> {
                        // Not its JSON: a reply repeats what the event said.
                        String id = new String(reply.key(), StandardCharsets.UTF_8).substring(KEY_OF.length());
                        repliedAt.putIfAbsent(id, System.nanoTime());
                        statuses.add(String.valueOf(TopicReader.header(reply, "serai-status")));
                        replies.computeIfAbsent(id, any -> new AtomicInteger()).incrementAndGet();
                    });
                }
            }
        }

        private void publish(String id, String further) {
            String event = "{\"event_id\":\"" + id + "\",\"character_id\":\"c\",\"end_user_id\":\"u\"" + further + "}";
            publishedAt.put(id, System.nanoTime());
            sent.add(producer.send(new ProducerRecord<>("heavy.start" + suffix, utf8(KEY_OF + id), utf8(event))));
        }

        /**
         * Publishes heavy events, light ones beside them, and waits until each has exactly one reply.
         *
         * @return how long all of them took, and the light ones
         */
        Measured publishAndAwait(int events, String further, String unit, int bytes) throws Exception {
            int round = ++rounds;
            String heavy = further + ",\"end_user_metadata\":{\"m\":["
                    + String.join(",", Collections.nCopies(bytes / (unit.length() + 1), unit)) + "]}";
            long begun = System.nanoTime();
            for (int i = 0; i < events; i++) {
                publish("heavy-" + round + "-" + i, heavy);
                if (i % 10 == 0) {
                    publish("light-" + round + "-" + i, "");
                }
            }
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
            sent.clear();
            System.out.println(events + " events of " + bytes + " bytes published in "
                    + elapsed(begun).toMillis() + " ms");
            for (int i = 0; replies.size() < publishedAt.size(); i++) {
                String id = "later-" + round + "-" + i;
                publish(id, "");
                await("reply to " + id)
                        .atMost(Duration.ofMinutes(4))
                        .pollInterval(Duration.ofMillis(10))
                        .failFast(() -> assertThat(process.hasEnded())
                                .as(() -> process.lastErrors(30))
                                .isFalse())
                        .until(() -> replies.containsKey(id));
            }
            Duration took = elapsed(begun);
            List<Long> times = times(round);
            System.out.println("answered in " + took.toMillis() + " ms; of " + times.size() + " small ones the median "
                    + times.get(times.size() / 2) + " ms, the slowest " + times.getLast() + " ms; " + collections());
            assertThat(replies).hasSameSizeAs(publishedAt);
            assertThat(replies.values()).allSatisfy(count -> assertThat(count).hasValue(1));
            assertThat(statuses).isSubsetOf(further.isEmpty() ? Set.of("started") : Set.of("started", "failed"));
            return new Measured(took, Duration.ofMillis(times.get(times.size() / 2)));
        }

        /** How long the small events of a round took, in milliseconds, the shortest first. */
        private List<Long> times(int round) {
            List<Long> times = new ArrayList<>();
            publishedAt.forEach((id, at) -> {
                Long replied = repliedAt.get(id);
                if (replied != null && id.matches("(light|later)-" + round + "-.*")) {
                    times.add((replied - at) / 1_000_000);
                }
            });
            return times.stream().sorted().toList();
        }

        private String collections() throws IOException, InterruptedException {
            Matcher health =
                    Pattern.compile("Health: (http://\\S+/observe)/health").matcher(process.errors());
            if (process.hasEnded() || !health.find()) {
                return "the process ended";
            }
            String metrics = Pages.get(health.group(1) + "/metrics").body();
            return metrics.lines()
                    .filter(line -> line.startsWith("jvm_gc_pause_seconds_sum")
                            || line.startsWith("jvm_gc_pause_seconds_count"))
                    .toList()
                    .toString();
        }

        private static Duration elapsed(long since) {
            return Duration.ofNanos(System.nanoTime() - since);
        }

        private static byte[] utf8(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public void close() {
            closed = true;
            try {
                reader.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            producer.close();
            process.close();
            standIn.close();
        }
    }
}
