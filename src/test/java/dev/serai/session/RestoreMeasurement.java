package dev.serai.session;

import dev.serai.testing.Producers;
import dev.serai.trial.broker.EmbeddedBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * How long a restore takes, and how much heap its table needs. Filling the topic and restoring it are apart, so that
 * the latter can run in a process with little heap and no broker in it.
 */
public final class RestoreMeasurement {
    private static final int CONVERSATIONS_PER_TRANSACTION = 500;
    private static final Duration TIME_LIMIT = Duration.ofMinutes(2);

    private RestoreMeasurement() {}

    /**
     * One restore.
     *
     * @param usedHeapBytes of the whole process after a garbage collection, with the table in it
     */
    public record Result(int conversations, Duration duration, long usedHeapBytes) {}

    /**
     * Creates the topic, compacted, and fills it as the service would: a key of 20 bytes, a session and an event each,
     * in transactions of {@value #CONVERSATIONS_PER_TRANSACTION} conversations.
     *
     * @param partitions at least 1; the conversations are spread evenly
     */
    public static void prepare(String bootstrapServers, String topic, int partitions, int conversations)
            throws Exception {
        Map<String, Object> kafka = Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        try (Admin admin = Admin.create(kafka)) {
            admin.createTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty())
                            .configs(Map.of("cleanup.policy", "compact"))))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
        try (var producer = Producers.transactional(bootstrapServers, "prepare-" + topic)) {
            producer.initTransactions();
            producer.beginTransaction();
            for (int number = 0; number < conversations; number++) {
                if (number % CONVERSATIONS_PER_TRANSACTION == 0 && number > 0) {
                    producer.commitTransaction();
                    producer.beginTransaction();
                }
                // A failure shows when the transaction is committed.
                var unused = producer.send(new ProducerRecord<>(topic, number % partitions, key(number), value()));
            }
            producer.commitTransaction();
        }
    }

    private static byte[] key(int number) {
        return "conversation-%07d".formatted(number).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] value() {
        return SessionRecord.encode(
                ConversationState.EMPTY
                        .withSession("museum-guide", UUID.randomUUID().toString())
                        .answered(UUID.randomUUID().toString(), Instant.now()),
                List.of());
    }

    private static OpenSessions open() {
        return new OpenSessions(Duration.ofMinutes(5), Clock.systemUTC(), new OpenSessions.Bounds(1000, 0));
    }

    /**
     * Restores all partitions, as a process does that starts alone.
     *
     * @throws SessionRestoreException after two minutes
     */
    public static Result restore(String bootstrapServers, String topic, int partitions) {
        var table = new SessionTable(Duration.ofDays(30), Clock.systemUTC());
        var restore = restoreTo(table, bootstrapServers, topic);
        long begin = System.nanoTime();
        restore.restore(IntStream.range(0, partitions).boxed().collect(Collectors.toSet()), partition -> {});
        Duration duration = Duration.ofNanos(System.nanoTime() - begin);
        return new Result(table.size(), duration, usedHeap());
    }

    /**
     * Restores each partition by itself, as partitions do that arrive one by one.
     *
     * @param atOnce how many at a time; at least 1
     */
    public static Duration restoreSingly(String bootstrapServers, String topic, int partitions, int atOnce)
            throws InterruptedException, ExecutionException {
        var table = new SessionTable(Duration.ofDays(30), Clock.systemUTC());
        var restore = restoreTo(table, bootstrapServers, topic);
        long begin = System.nanoTime();
        try (var threads =
                Executors.newFixedThreadPool(atOnce, Thread.ofVirtual().factory())) {
            List<Callable<Object>> each = IntStream.range(0, partitions)
                    .mapToObj(partition -> Executors.callable(() -> restore.restore(Set.of(partition), ready -> {})))
                    .toList();
            for (Future<Object> one : threads.invokeAll(each)) {
                one.get();
            }
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private static SessionRestore restoreTo(SessionTable table, String bootstrapServers, String topic) {
        return new SessionRestore(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
                topic,
                topic,
                table,
                open(),
                new SessionSealer(SealingKeys.NONE),
                TIME_LIMIT);
    }

    private static long usedHeap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /**
     * {@code prepare DIRECTORY PORT PARTITIONS CONVERSATIONS} fills a topic of an embedded broker and keeps that
     * running until standard input ends; {@code restore PORT PARTITIONS} restores and prints the result; {@code compare
     * DIRECTORY PARTITIONS CONVERSATIONS ROUNDS} prints how long it takes together, singly, and singly at the same time.
     */
    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "prepare" -> {
                Path directory = Files.createDirectories(Path.of(arguments[1]));
                try (EmbeddedBroker broker = EmbeddedBroker.start(directory, Integer.parseInt(arguments[2]))) {
                    prepare(
                            broker.bootstrapServers(),
                            "measured",
                            Integer.parseInt(arguments[3]),
                            Integer.parseInt(arguments[4]));
                    System.out.println("prepared");
                    awaitEnd();
                }
            }
            case "restore" ->
                System.out.println(restore("127.0.0.1:" + arguments[1], "measured", Integer.parseInt(arguments[2])));
            case "compare" ->
                compare(
                        Files.createDirectories(Path.of(arguments[1])),
                        Integer.parseInt(arguments[2]),
                        Integer.parseInt(arguments[3]),
                        Integer.parseInt(arguments[4]));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void compare(Path directory, int partitions, int conversations, int rounds) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0)) {
            String servers = broker.bootstrapServers();
            prepare(servers, "measured", partitions, conversations);
            for (int round = 0; round < rounds; round++) {
                System.out.printf(
                        Locale.ROOT,
                        "together %d ms, one after another %d ms, 4 at once %d ms, all at once %d ms%n",
                        restore(servers, "measured", partitions).duration().toMillis(),
                        restoreSingly(servers, "measured", partitions, 1).toMillis(),
                        restoreSingly(servers, "measured", partitions, 4).toMillis(),
                        restoreSingly(servers, "measured", partitions, partitions)
                                .toMillis());
            }
        }
    }

    private static void awaitEnd() throws IOException {
        while (System.in.read() >= 0) {
            // Whatever is typed before the end does not matter.
        }
    }
}
