package dev.serai.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.serai.kafka.ConversationTopicSetup;
import dev.serai.kafka.ConversationTopics;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.Pace;
import dev.serai.testing.Producers;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.SecuredBroker;
import dev.serai.testing.SecuredBroker.Right;
import dev.serai.testing.TokenEndpoint;
import dev.serai.testing.TopicReader;
import dev.serai.trial.standin.StandIn;
import dev.serai.trial.standin.StandInOptions;
import dev.serai.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/** A service in a process of its own, under a steady load, that loses something and gets it back. For one thread. */
final class LossRun implements AutoCloseable {
    private static final int EVENTS_PER_SECOND = 20;
    private static final int CONVERSATIONS = 20;
    private static final int PARTITIONS = 4;
    private static final int ONE_FAILING_IN = 10;

    /** Of a token; the client asks for the next one a little earlier. */
    private static final Duration TOKEN_LIFETIME = Duration.ofSeconds(8);

    private static final Duration START_LIMIT = Duration.ofMinutes(1);
    private static final Duration BACK_LIMIT = Duration.ofSeconds(60);
    private static final Duration READY_LIMIT = Duration.ofSeconds(30);
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(60);
    private static final Pattern HEALTH = Pattern.compile("Health: (http://\\S+/observe)/health");
    private static final String PASSWORD = "first-password";

    private final SecuredBroker broker;
    private final Loss loss;
    private final Path clientProperties;
    private final StandInOptions options = StandInOptions.defaults();
    private final StandIn provider = StandIn.start(options);
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final TokenEndpoint tokens;
    private final Load load;
    private final Replies replies;
    private final List<JavaProcess> processes = new ArrayList<>();

    /**
     * What came of it.
     *
     * @param log of the time without it
     */
    record Outcome(
            Loss loss,
            int events,
            Set<String> lost,
            Set<String> twice,
            int failed,
            double secondsUntilBack,
            Set<Integer> ready,
            Set<Integer> live,
            String readyTexts,
            int readyAfterwards,
            double logLinesPerSecond,
            String log) {
        boolean namedIn(String text) {
            String small = text.toLowerCase(Locale.ROOT);
            return loss.named().stream().anyMatch(small::contains);
        }

        /** Numbers that count up are the same text. */
        private String shown() {
            return readyTexts.isEmpty()
                    ? "health said nothing"
                    : Arrays.stream(readyTexts.split("; ", -1))
                            .map(text -> text.replaceAll("\\b\\d+ s\\b", "N s"))
                            .distinct()
                            .collect(Collectors.joining("; "));
        }

        String row() {
            return String.format(
                    Locale.ROOT,
                    "| %s | events %d | lost %d | twice %d | failed %d | back after %s | ready %s, live %s | %.1f"
                            + " lines/s | %s |",
                    loss,
                    events,
                    lost.size(),
                    twice.size(),
                    failed,
                    secondsUntilBack < 0 ? "never by itself" : String.format(Locale.ROOT, "%.1f s", secondsUntilBack),
                    ready,
                    live,
                    logLinesPerSecond,
                    shown());
        }
    }

    LossRun(SecuredBroker broker, Loss loss, Path directory) throws Exception {
        this.broker = broker;
        this.loss = loss;
        broker.setPassword(loss.user(), PASSWORD);
        broker.allow(loss.user(), loss.needed());
        tokens = new TokenEndpoint(loss.user(), TOKEN_LIFETIME);
        Map<String, String> client = new HashMap<>(
                loss == Loss.TOKENS ? tokens.clientProperties() : SecuredBroker.scram(loss.user(), PASSWORD));
        // Instead of after five minutes.
        client.put("metadata.max.age.ms", "2000");
        clientProperties = SecuredBroker.file(directory, client);
        new ConversationTopicSetup(Map.of("bootstrap.servers", broker.openServers()), true, Duration.ofSeconds(30))
                .ensure(new ConversationTopics(
                        loss.topic("start"),
                        List.of(loss.topic("replies")),
                        loss.topic("dead-letters"),
                        loss.topic("sessions"),
                        List.of(),
                        PARTITIONS,
                        Duration.ofHours(1),
                        Duration.ofDays(1)));
        load = new Load();
        replies = new Replies();
    }

    Outcome run() throws Exception {
        URI observed = start("replica-1");
        load.start();
        replies.start();
        await("replies before the loss").atMost(START_LIMIT).until(() -> replies.seen.size() >= 2 * EVENTS_PER_SECOND);

        takeAway();
        if (loss.needsASecondReplica()) {
            observed = start("replica-2");
        }
        long linesBefore = log().lines().count();
        Sample meanwhile = watch(observed);
        String log = log().lines().skip(linesBefore).collect(Collectors.joining("\n"));

        giveBack();
        double secondsUntilBack = awaitBack();
        load.stop();
        Map<String, RecordMetadata> events = load.published();
        if (!awaitAnswered(events) || secondsUntilBack < 0) {
            // Whether they are lost, or wait for a process that works.
            secondsUntilBack = -1;
            restart();
            awaitAnswered(events);
        }
        replies.stop();
        int readyAfterwards = secondsUntilBack < 0 ? 0 : awaitReady(observed);
        return outcome(events, secondsUntilBack, meanwhile, readyAfterwards, log);
    }

    private void takeAway() {
        Right right = loss.right();
        if (right != null) {
            broker.take(loss.user(), right);
        } else if (loss == Loss.TOKENS) {
            tokens.down(true);
        } else {
            broker.setPassword(loss.user(), "another-password");
        }
    }

    private void giveBack() {
        Right right = loss.right();
        if (right != null) {
            broker.giveBack(loss.user(), right);
        } else if (loss == Loss.TOKENS) {
            tokens.down(false);
        } else {
            broker.setPassword(loss.user(), PASSWORD);
        }
    }

    private URI start(String instanceId) {
        List<String> arguments = new ArrayList<>(List.of("run"));
        for (String setting : List.of(
                "serai.kafka.bootstrap-servers=" + broker.saslServers(),
                "serai.kafka.client-properties-file=" + clientProperties,
                "serai.kafka.start-topic=" + loss.topic("start"),
                "serai.kafka.reply-topic=" + loss.topic("replies"),
                "serai.kafka.dead-letter-topic=" + loss.topic("dead-letters"),
                "serai.kafka.session-topic=" + loss.topic("sessions"),
                "serai.kafka.group-id=" + loss.group(),
                "serai.kafka.create-topics=false",
                "serai.instance-id=" + instanceId,
                "serai.connect.base-url=" + provider.baseUrl(),
                "serai.connect.max-concurrent=32",
                "serai.conversation.ttl=1h",
                "serai.http.port=0")) {
            arguments.add("--set");
            arguments.add(setting);
        }
        JavaProcess process =
                JavaProcess.startSerai(Map.of("CONVAI_API_KEY", options.apiKey()), arguments.toArray(String[]::new));
        processes.add(process);
        await(instanceId + " to start")
                .atMost(START_LIMIT)
                .failFast(() -> {
                    if (process.hasEnded()) {
                        throw new AssertionError(instanceId + " has ended: " + process.lastErrors(20));
                    }
                })
                .until(() -> process.errors().contains("Ready: "));
        Matcher health = HEALTH.matcher(process.errors());
        if (!health.find()) {
            throw new AssertionError("the log does not name health: " + process.lastErrors(20));
        }
        return URI.create(health.group(1));
    }

    private void restart() throws InterruptedException {
        for (JavaProcess process : List.copyOf(processes)) {
            process.terminate();
            process.exitCode();
        }
        start("replica-1");
    }

    private String log() {
        return processes.stream().map(JavaProcess::errors).collect(Collectors.joining());
    }

    /** What health said. */
    private record Sample(Set<Integer> ready, Set<Integer> live, Set<String> texts) {}

    private Sample watch(URI observed) {
        Sample sample =
                new Sample(ConcurrentHashMap.newKeySet(), ConcurrentHashMap.newKeySet(), ConcurrentHashMap.newKeySet());
        long until = System.nanoTime() + loss.lostFor().toNanos();
        await("the time without it")
                .atMost(loss.lostFor().plusSeconds(30))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    HttpResponse<String> ready = get(observed, "ready");
                    sample.ready().add(ready.statusCode());
                    if (ready.statusCode() != 200) {
                        sample.texts().addAll(messages(ready.body()));
                    }
                    sample.live().add(get(observed, "live").statusCode());
                    return System.nanoTime() > until;
                });
        return sample;
    }

    private HttpResponse<String> get(URI observed, String kind) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(observed + "/health/" + kind))
                        .timeout(Duration.ofSeconds(10))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static List<String> messages(String body) throws IOException {
        List<String> down = new ArrayList<>();
        Json.MAPPER.readTree(body).path("checks").forEach(check -> {
            if (check.path("status").asText().equals("DOWN")) {
                down.add(check.path("name").asText() + ": "
                        + check.findPath("message").asText(check.toString()));
            }
        });
        return down;
    }

    /** Seconds from now until all that has come so far, on every partition, is answered; -1 if it is not. */
    private double awaitBack() throws InterruptedException, ExecutionException {
        long begun = System.nanoTime();
        Map<String, RecordMetadata> before = load.published();
        try {
            await("answers")
                    .atMost(BACK_LIMIT)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> unanswered(before).isEmpty());
            return (System.nanoTime() - begun) / 1e9;
        } catch (ConditionTimeoutException e) {
            return -1;
        }
    }

    /** What ready says in the end. */
    private int awaitReady(URI observed) throws IOException, InterruptedException {
        try {
            await("ready")
                    .atMost(READY_LIMIT)
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> get(observed, "ready").statusCode() == 200);
            return 200;
        } catch (ConditionTimeoutException e) {
            return get(observed, "ready").statusCode();
        }
    }

    private boolean awaitAnswered(Map<String, RecordMetadata> events) {
        try {
            await("all answers")
                    .atMost(DRAIN_LIMIT)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> unanswered(events).isEmpty());
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }

    /** A record that its reply topic refuses leaves its dead letter only. */
    private Set<String> unanswered(Map<String, RecordMetadata> events) {
        Set<String> unanswered = new TreeSet<>(events.keySet());
        unanswered.removeAll(replies.seen.keySet());
        unanswered.removeIf(event -> replies.deadLetters.contains(position(events.get(event))));
        return unanswered;
    }

    private static String position(@Nullable RecordMetadata event) {
        return event == null ? "" : event.partition() + "@" + event.offset();
    }

    private Outcome outcome(
            Map<String, RecordMetadata> events,
            double secondsUntilBack,
            Sample meanwhile,
            int readyAfterwards,
            String log) {
        Set<String> twice = replies.seen.entrySet().stream()
                .filter(reply -> reply.getValue() > 1)
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
        return new Outcome(
                loss,
                events.size(),
                unanswered(events),
                twice,
                replies.deadLetters.size(),
                secondsUntilBack,
                new TreeSet<>(meanwhile.ready()),
                new TreeSet<>(meanwhile.live()),
                String.join("; ", new TreeSet<>(meanwhile.texts())),
                readyAfterwards,
                log.lines().count() / (double) loss.lostFor().toSeconds(),
                log);
    }

    @Override
    public void close() {
        load.close();
        replies.close();
        processes.forEach(JavaProcess::close);
        provider.close();
        tokens.close();
        http.close();
    }

    /** Publishes at a steady pace, on a thread of its own. */
    private final class Load implements AutoCloseable {
        private final KafkaProducer<byte[], byte[]> producer = Producers.plain(broker.openServers());
        private final Map<String, Future<RecordMetadata>> sent = new ConcurrentHashMap<>();
        private final Thread thread = new Thread(this::publish, "load-" + loss.id());
        private volatile boolean stopped;

        void start() {
            thread.start();
        }

        private void publish() {
            Pace pace = Pace.perSecond(EVENTS_PER_SECOND);
            for (int next = 0; !stopped; next++) {
                pace.awaitTurn();
                boolean failing = loss.needsFailingEvents() && next % ONE_FAILING_IN == 0;
                String value = failing
                        ? "{\"event_id\":\"" + name(next) + "\"}"
                        : "{\"event_id\":\"" + name(next) + "\",\"character_id\":\"guide\"}";
                byte[] key = ("c" + (failing ? "-failing-" + next : next % CONVERSATIONS)).getBytes(UTF_8);
                sent.put(
                        name(next),
                        producer.send(new ProducerRecord<>(loss.topic("start"), key, value.getBytes(UTF_8))));
            }
        }

        private static String name(int number) {
            return "e" + number;
        }

        void stop() throws InterruptedException {
            stopped = true;
            thread.join();
        }

        Map<String, RecordMetadata> published() throws InterruptedException, ExecutionException {
            Map<String, RecordMetadata> all = new ConcurrentHashMap<>();
            for (Map.Entry<String, Future<RecordMetadata>> one : sent.entrySet()) {
                all.put(one.getKey(), one.getValue().get());
            }
            return all;
        }

        @Override
        public void close() {
            stopped = true;
            producer.close(Duration.ZERO);
        }
    }

    /** Counts replies and dead letters as {@code read_committed} readers see them, on a thread of its own. */
    private final class Replies implements AutoCloseable {
        private final Map<String, Integer> seen = new ConcurrentHashMap<>();
        private final List<String> deadLetters = new CopyOnWriteArrayList<>();
        private final Thread thread = new Thread(this::read, "replies-" + loss.id());
        private volatile boolean stopped;

        void start() {
            thread.start();
        }

        private void read() {
            try (TopicReader answers = new TopicReader(broker.openServers(), loss.topic("replies"));
                    TopicReader letters = new TopicReader(broker.openServers(), loss.topic("dead-letters"))) {
                while (!stopped) {
                    answers.next(Duration.ofMillis(50))
                            .forEach(reply -> seen.merge(
                                    RunningSerai.json(reply).path("event_id").asText(), 1, Integer::sum));
                    letters.next(Duration.ofMillis(20))
                            .forEach(letter -> deadLetters.add(TopicReader.header(letter, "serai-original-partition")
                                    + "@"
                                    + TopicReader.header(letter, "serai-original-offset")));
                }
            }
        }

        void stop() throws InterruptedException {
            stopped = true;
            thread.join();
        }

        @Override
        public void close() {
            stopped = true;
        }
    }
}
