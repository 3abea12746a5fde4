package dev.serai.cli;

import static dev.serai.cli.LetterTopic.header;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.kafka.TopicSetup;
import dev.serai.operate.letters.DeadLetters;
import dev.serai.operate.letters.LetterFilter;
import dev.serai.operate.letters.Replay;
import dev.serai.operate.letters.ReplayMarks;
import dev.serai.operate.letters.ReplayOrder;
import dev.serai.operate.letters.ReplayRules;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.Producers;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.TopicReader;
import dev.serai.testing.Topics;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Json;
import dev.serai.wire.RecordHeader;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Dead letters that are published again: each once. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
@LeftToCi
class DeadLettersReplayTest {
    private static final Map<String, Object> KAFKA = Map.of("bootstrap.servers", SharedBroker.bootstrapServers());
    private final Instant now = Instant.now();
    private static final String[] YES = {"replay", "--yes", "--reason", "outage of the 26th"};

    @AutoClose
    private LetterTopic topic;

    @BeforeEach
    void createTopics() throws Exception {
        topic = new LetterTopic();
    }

    private int replay(String... more) {
        return topic.execute(Stream.concat(Stream.of(YES), Stream.of(more)).toArray(String[]::new));
    }

    private String letter(String key, String event, RecordHeader... own) throws Exception {
        return topic.letter(ErrorCategory.PROVIDER_UNAVAILABLE, "it answers 503", now, key, event, own);
    }

    private List<String> values() {
        return topic.started().stream()
                .map(event -> new String(event.value(), UTF_8))
                .toList();
    }

    @Test
    void dryRun_saysWhatWouldHappen_andDoesNothing() throws Exception {
        letter("k", "{\"event_id\":\"e1\"}");
        letter("k", "{\"event_id\":\"e2\",\"expires_at\":\"2026-01-31T10:00:00Z\"}");
        letter("k", "{\"event_id\":\"e3\"}", header("serai-replays", "3"));
        topic.letter(ErrorCategory.INVALID_EVENT, "wrong", now, "k", "{\"event_id\":\"e4\"}");
        topic.write("k", "{}", topic.spring("orders", 0, 1));
        topic.write("k", "{}", List.of());

        assertThat(topic.execute("replay")).as(topic.commands.err()).isEqualTo(ExitCode.OK);

        assertThat(topic.commands.out().lines().map(String::strip))
                .containsExactly(
                        "2  to be published again",
                        "1  invalid_event",
                        "1  provider_unavailable",
                        "1  of these fail again if what is wrong with the event is not mended",
                        "4  to stay",
                        "1  the event's expires_at has passed, and it would be expired again: --deadline gives a new one",
                        "1  replayed --max-replays times already, and failed each time",
                        "1  from another topic than the service reads: --to names where to",
                        "1  does not say which topic it is from: --to names where to");
        assertThat(topic.commands.err()).contains("nothing was done");
        assertThat(topic.started()).isEmpty();
        try (Admin admin = Admin.create(KAFKA)) {
            assertThat(admin.listTopics().names().get()).doesNotContain(ReplayMarks.topic(topic.letters));
        }
    }

    @Test
    void replayed_isTheEventAsItWas_whereItWas_once() throws Exception {
        String value = "{\"event_id\": \"e1\", \"ttl_ms\": 1000, \"n\": 1.50}";
        String position = letter(
                "caller-1", value, header("b", "1"), header("a", "x"), header("b", "2"), new RecordHeader("n", null));

        assertThat(replay()).as(topic.commands.err()).isEqualTo(ExitCode.OK);
        assertThat(topic.commands.out()).contains("1  published again");
        assertThat(replay()).as(topic.commands.err()).isEqualTo(ExitCode.OK);
        assertThat(topic.commands.out()).contains("0  published again", "1  replayed before");

        List<ConsumerRecord<byte[], byte[]>> events = topic.started();
        assertThat(events).hasSize(1);
        ConsumerRecord<byte[], byte[]> event = events.getFirst();
        assertThat(event.partition()).isEqualTo(1);
        assertThat(event.key()).isEqualTo("caller-1".getBytes(UTF_8));
        assertThat(new String(event.value(), UTF_8)).isEqualTo(value);
        assertThat(event.timestamp()).isGreaterThan(now.toEpochMilli());
        assertThat(Stream.of(event.headers().toArray())
                        .map(each ->
                                each.key() + "=" + (each.value() == null ? null : new String(each.value(), UTF_8))))
                .containsExactly("b=1", "a=x", "b=2", "n=null", "serai-replays=1");

        assertThat(topic.execute("show", position, "--json"))
                .as(topic.commands.err())
                .isEqualTo(ExitCode.OK);
        JsonNode by = Json.MAPPER.readTree(topic.commands.out()).path("replayed_by");
        assertThat(by.path("by").asText()).isEqualTo(System.getProperty("user.name"));
        assertThat(by.path("reason").asText()).isEqualTo("outage of the 26th");
        assertThat(by.path("state").asText()).isEqualTo("done");
        assertThat(by.at("/done/published").asInt()).isEqualTo(1);
        assertThat(topic.execute("list")).as(topic.commands.err()).isEqualTo(ExitCode.OK);
        assertThat(topic.commands.out())
                .contains("1 dead letter, 1 replayed", "(replayed)", "Replays, the last 2 of 2:", "outage of the 26th");
    }

    @Test
    void orderOfAKey_isKept_andAFilterLeavesOthers() throws Exception {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 450; i++) {
            String event = "{\"event_id\":\"e" + i + "\"}";
            letter("caller-1", event);
            letter("caller-2", "{\"event_id\":\"other\"}");
            expected.add(event);
        }

        assertThat(replay("--key", "caller-1")).as(topic.commands.err()).isEqualTo(ExitCode.OK);
        assertThat(values()).isEqualTo(expected);

        assertThat(replay("--json")).isEqualTo(ExitCode.OK);
        JsonNode report = Json.MAPPER.readTree(topic.commands.out());
        assertThat(report.path("published").asInt()).isEqualTo(450);
        assertThat(report.at("/left/replayed_before").asInt()).isEqualTo(450);
        assertThat(topic.started()).hasSize(900);
    }

    @Test
    void expired_staysUnlessItIsGivenADeadline() throws Exception {
        letter("k", "{\"event_id\":\"e1\",\"expires_at\":\"2026-01-31T10:00:00Z\",\"n\":1.50}");
        letter("k", "{\"event_id\":\"e3\",\"action\":\"end\"}");
        letter("k", "no JSON");

        assertThat(replay("--text", "e1")).isEqualTo(ExitCode.OK);
        assertThat(topic.started()).isEmpty();

        assertThat(replay("--deadline", "10m")).as(topic.commands.err()).isEqualTo(ExitCode.OK);
        assertThat(values())
                .containsExactly(
                        "{\"event_id\":\"e1\",\"n\":1.50,\"ttl_ms\":600000}",
                        "{\"event_id\":\"e3\",\"action\":\"end\"}",
                        "no JSON");
        assertThat(topic.commands.out()).contains("2  of these keep their deadlines");
    }

    @Test
    void whatWasReplayedTooOften_stays() throws Exception {
        letter("k", "{}", header("serai-replays", "2"));
        letter("k", "{}", header("serai-replays", "3"));

        assertThat(replay()).isEqualTo(ExitCode.OK);
        assertThat(topic.started()).hasSize(1).allSatisfy(event -> assertThat(
                        TopicReader.header(event, "serai-replays"))
                .isEqualTo("3"));

        assertThat(replay("--max-replays", "4")).isEqualTo(ExitCode.OK);
        assertThat(topic.started()).hasSize(2);
    }

    @Test
    void lettersOfSpring_goBackToTheStartTopic_withoutWhatSpringAdded() throws Exception {
        List<RecordHeader> headers = new ArrayList<>(topic.spring(topic.start, 2, 7));
        headers.add(header("own", "1"));
        topic.write("k", "{\"event_id\":\"s1\"}", headers);
        topic.write("k", "{\"event_id\":\"s2\"}", topic.spring("orders", 9, 7));

        assertThat(replay()).as(topic.commands.err()).isEqualTo(ExitCode.OK);
        assertThat(topic.started()).hasSize(1).allSatisfy(event -> {
            assertThat(event.partition()).isEqualTo(2);
            assertThat(event.headers().toArray()).hasSize(2);
            assertThat(TopicReader.header(event, "own")).isEqualTo("1");
        });

        assertThat(replay("--to", topic.start)).as(topic.commands.err()).isEqualTo(ExitCode.OK);
        assertThat(values()).containsExactlyInAnyOrder("{\"event_id\":\"s1\"}", "{\"event_id\":\"s2\"}");

        assertThat(topic.execute("replay", "--to", "no.such")).isEqualTo(ExitCode.OK);
        assertThat(topic.started()).hasSize(2);
    }

    @Test
    void ofTwoReplaysAtOnce_theSecondGoesOn_andEachLetterIsReplayedOnce() throws Exception {
        for (int i = 0; i < 300; i++) {
            letter("caller-" + i, "{\"event_id\":\"e" + i + "\"}");
        }
        assertThat(replay("--text", "\"e0\"")).isEqualTo(ExitCode.OK);
        DeadLetters letters = DeadLetters.of(KAFKA, topic.letters);
        ReplayOrder order = ReplayOrder.of(
                "somebody",
                "at once",
                now,
                LetterFilter.ALL,
                new ReplayRules(Set.of(topic.start), Set.of(), null, 3, null),
                0);
        try (Replay first = Replay.open(KAFKA, letters, order, InstantSource.system())) {
            // Between its transactions.
            int[] looks = {0};
            assertThatThrownBy(() -> first.run(
                            () -> {
                                if (looks[0]++ == 260) {
                                    assertThat(replay())
                                            .as(topic.commands.err())
                                            .isEqualTo(ExitCode.OK);
                                }
                                return false;
                            },
                            tally -> {}))
                    .isInstanceOf(ProducerFencedException.class);
        }

        assertThat(values()).hasSize(300).doesNotHaveDuplicates();
    }

    /** An event that fails again at once, while others of the same replay wait for their turn. */
    @Test
    void letterThatComesMeanwhile_isLeftForAnotherReplay() throws Exception {
        for (int i = 0; i < 8; i++) {
            letter("caller-" + i, "{\"event_id\":\"e" + i + "\"}");
        }
        assertThat(replay("--text", "\"e0\"")).isEqualTo(ExitCode.OK);
        DeadLetters letters = DeadLetters.of(KAFKA, topic.letters);
        ReplayRules rules = new ReplayRules(Set.of(topic.start), Set.of(), null, 3, null);
        ReplayOrder order = ReplayOrder.of("somebody", "why", now, LetterFilter.ALL, rules, 5);
        int[] looks = {0};
        try (Replay replay = Replay.open(KAFKA, letters, order, InstantSource.system())) {
            replay.run(
                    () -> {
                        if (looks[0]++ == 0) {
                            for (int i = 0; i < 8; i++) {
                                assertThat(writeAgain(i)).isNotEmpty();
                            }
                        }
                        return false;
                    },
                    tally -> {});
            assertThat(replay.done().published()).isEqualTo(7);
        }
        assertThat(topic.started()).hasSize(8);

        assertThat(replay()).isEqualTo(ExitCode.OK);
        assertThat(topic.started()).hasSize(16);
    }

    private String writeAgain(int number) {
        try {
            return letter("caller-" + number, "{\"event_id\":\"e" + number + "\"}", header("serai-replays", "1"));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** As of a process that was killed before it committed. */
    @Test
    void whatAnotherLeftUndecided_isAborted_andReplayed() throws Exception {
        letter("k", "{\"event_id\":\"e1\"}");
        letter("k", "{\"event_id\":\"e2\"}");
        assertThat(replay("--text", "e1")).isEqualTo(ExitCode.OK);
        Map<String, Object> settings = new HashMap<>(KAFKA);
        settings.put("transactional.id", ReplayMarks.topic(topic.letters));
        try (var killed = Producers.with(settings)) {
            killed.initTransactions();
            killed.beginTransaction();
            killed.send(new ProducerRecord<>(topic.start, "{\"event_id\":\"e2\"}".getBytes(UTF_8)))
                    .get();
            try (TopicReader marks =
                    new TopicReader(SharedBroker.bootstrapServers(), ReplayMarks.topic(topic.letters))) {
                // The mark of the first, made that of the second.
                ConsumerRecord<byte[], byte[]> mark = marks.all().stream()
                        .filter(each -> !new String(each.key(), UTF_8).startsWith("replay/"))
                        .findFirst()
                        .orElseThrow();
                String key = new String(mark.key(), UTF_8).replaceAll("0$", "1");
                killed.send(new ProducerRecord<>(mark.topic(), key.getBytes(UTF_8), mark.value()))
                        .get();
            }

            assertThat(replay()).as(topic.commands.err()).isEqualTo(ExitCode.OK);
        }

        assertThat(values()).containsExactly("{\"event_id\":\"e1\"}", "{\"event_id\":\"e2\"}");
    }

    @Test
    void stopped_leavesTheRestForTheNext() throws Exception {
        for (int i = 0; i < 6; i++) {
            letter("k", "{\"event_id\":\"e" + i + "\"}");
        }
        DeadLetters letters = DeadLetters.of(KAFKA, topic.letters);
        ReplayRules rules = new ReplayRules(Set.of(topic.start), Set.of(), null, 3, null);
        ReplayOrder order = ReplayOrder.of("somebody", "why", now, LetterFilter.ALL, rules, 2);
        new TopicSetup(KAFKA, true, Duration.ofSeconds(20)).ensureKept(ReplayMarks.topic(topic.letters));
        long begun = System.nanoTime();
        try (Replay replay = Replay.open(KAFKA, letters, order, InstantSource.system())) {
            assertThat(replay.run(() -> replay.done().published() >= 4, tally -> {})
                            .published())
                    .isEqualTo(4);
        }
        assertThat(System.nanoTime() - begun).as("two a second").isGreaterThan(TimeUnit.MILLISECONDS.toNanos(950));
        assertThat(topic.started()).hasSize(4);

        assertThat(replay()).isEqualTo(ExitCode.OK);
        assertThat(topic.started()).hasSize(6);
    }

    @Test
    void whatTheTopicDoesNotTake_staysAlone() throws Exception {
        try (Admin admin = Admin.create(KAFKA)) {
            Topics.configure(admin, topic.start, "max.message.bytes", "2000");
        }
        letter("k", "{\"event_id\":\"e1\"}");
        letter("k", "{\"event_id\":\"e2\",\"text\":\"" + "x".repeat(3000) + "\"}");
        letter("k", "{\"event_id\":\"e3\"}");

        assertThat(replay()).isEqualTo(ExitCode.FAILED);

        assertThat(topic.commands.out())
                .as(topic.commands.err())
                .contains("2  published again", "1  the topic does not take the record");
        assertThat(values()).containsExactly("{\"event_id\":\"e1\"}", "{\"event_id\":\"e3\"}");
    }

    @Test
    void topicOfLettersThatWasMadeAnew_hasNoMarks() throws Exception {
        letter("k", "{\"event_id\":\"e1\"}");
        assertThat(replay()).isEqualTo(ExitCode.OK);
        try (Admin admin = Admin.create(KAFKA)) {
            Topics.delete(admin, topic.letters);
            await().atMost(20, TimeUnit.SECONDS).until(() -> {
                try {
                    admin.createTopics(List.of(new NewTopic(topic.letters, LetterTopic.PARTITIONS, (short) 1)))
                            .all()
                            .get();
                    return true;
                } catch (ExecutionException e) {
                    return false;
                }
            });
        }
        letter("k", "{\"event_id\":\"e2\"}");

        assertThat(replay()).as(topic.commands.err()).isEqualTo(ExitCode.OK);

        assertThat(values()).contains("{\"event_id\":\"e2\"}");
    }

    @Test
    void topicOfMarks_isNotCreatedAgainstTheSettings_andMustBeCompacted() throws Exception {
        letter("k", "{\"event_id\":\"e1\"}");
        String marks = ReplayMarks.topic(topic.letters);

        assertThat(replay("--set", "serai.kafka.create-topics=false")).isEqualTo(ExitCode.REFUSED);
        assertThat(topic.commands.err())
                .contains("serai.kafka.create-topics is false", "--create --topic " + marks, "cleanup.policy=compact");

        SharedBroker.createTopic(marks);
        assertThat(replay()).isEqualTo(ExitCode.REFUSED);
        assertThat(topic.commands.err()).contains("topic " + marks + " has cleanup.policy=delete");
        assertThat(topic.started()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'--yes', '--yes needs --reason TEXT'",
        "'--rate=-1', '--rate must be 0 to 10000, was -1'",
        "'--max-replays=0', '--max-replays must be 1 to 999999, was 0'",
        "'--deadline=0s', '--deadline must be at least 1ms and at most 365d, was 0s'",
        "'--deadline=999999999999d', '--deadline must be at least 1ms and at most 365d, was 999999999999d'",
        "'--deadline=soon', '--deadline must be a duration'"
    })
    void wrongUsage_isSaid(String option, String said) throws IOException {
        assertThat(topic.execute("replay", option)).isEqualTo(ExitCode.WRONG_USAGE);

        assertThat(topic.commands.err()).contains(said);
    }
}
