package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Producers;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.TypedCommands;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code serai explain} as it is typed, against topics that no service reads. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class ExplainCommandTest {
    private final TypedCommands commands = new TypedCommands();

    @AutoClose
    private LetterTopic topic;

    @BeforeEach
    void createTopics() throws Exception {
        topic = new LetterTopic();
    }

    private int explain(String... arguments) {
        commands.forget();
        return commands.run(
                List.of(
                        "serai.kafka.bootstrap-servers=" + SharedBroker.bootstrapServers(),
                        "serai.kafka.start-topic=" + topic.start,
                        "serai.kafka.reply-topic=replies" + topic.suffix,
                        "serai.kafka.session-topic=sessions" + topic.suffix,
                        "serai.kafka.group-id=group" + topic.suffix,
                        "serai.http.port=0",
                        "serai.kafka.dead-letter-topic=" + topic.letters),
                "explain",
                arguments);
    }

    @Test
    void kafkaThatDoesNotAnswer_isNoEventThatWasNotFound() {
        assertThat(explain("e1", "--set", "serai.kafka.bootstrap-servers=127.0.0.1:1"))
                .isEqualTo(ExitCode.REFUSED);

        assertThat(commands.err())
                .contains("Kafka at 127.0.0.1:1 did not answer")
                .doesNotContain("\tat ");
    }

    @Test
    void replayedLetter_andTheEventThatCameOfIt_areBothNamed() throws Exception {
        topic.letter(
                ErrorCategory.PROVIDER_UNAVAILABLE,
                "it answers 503",
                Instant.now(),
                "caller-1",
                "{\"event_id\":\"e1\\u001b[31m\",\"character_id\":\"c\"}");
        assertThat(topic.execute("replay", "--yes", "--reason", "outage"))
                .as(topic.commands.err())
                .isEqualTo(ExitCode.OK);

        assertThat(explain("--key", "caller-1")).as(commands.err()).isEqualTo(ExitCode.OK);

        assertThat(commands.out())
                .startsWith("Event e1\\u001b[31m was read by nobody: no service runs in the group group" + topic.suffix)
                .contains("replayed      1 time from the dead letters")
                .contains("there is no topic replies" + topic.suffix)
                .contains("What to do: start one with ./serai run")
                .doesNotContain("\u001b", "\tat ");

        assertThat(explain("--key", "caller-1", "--json")).isEqualTo(ExitCode.OK);
        assertThat(commands.out().lines()).hasSize(1);
        JsonNode json = Json.MAPPER.readTree(commands.out());
        assertThat(json.path("found").asBoolean()).isTrue();
        assertThat(json.at("/events/0/state").asText()).isEqualTo("not_read");
        assertThat(json.at("/events/0/replays").asInt()).isEqualTo(1);
        assertThat(json.at("/events/0/conversation_key").asText()).isEqualTo("caller-1");
    }

    /** A replay that was killed in the middle: without a bound of its own the marks would be waited for, for a minute. */
    @Test
    void marksThatATransactionHolds_areWaitedForNoLongerThanWasAsked() throws Exception {
        topic.letter(ErrorCategory.EXPIRED, "3 s late", Instant.now(), "caller-5", "{\"event_id\":\"e5\"}");
        assertThat(topic.execute("replay", "--yes", "--reason", "outage")).isEqualTo(ExitCode.OK);
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", SharedBroker.bootstrapServers(), "transactional.id", "killed" + topic.suffix);
        try (var killed = Producers.with(settings)) {
            killed.initTransactions();
            killed.beginTransaction();
            killed.send(new ProducerRecord<>(topic.letters + ".replayed", new byte[] {1}, new byte[] {2}))
                    .get(20, TimeUnit.SECONDS);
            long begun = System.nanoTime();

            assertThat(explain("--key", "caller-5", "--timeout", "5s")).isEqualTo(ExitCode.OK);

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(40));
            assertThat(commands.out()).contains("Note: whether dead letters were replayed cannot be seen");
            killed.abortTransaction();
        }
    }

    @Test
    void letterWhoseRecordIsGone_isFound() throws Exception {
        topic.letter(ErrorCategory.EXPIRED, "3 s late", Instant.now(), "caller-2", "{\"event_id\":\"e2\"}");

        assertThat(explain("--key", "caller-2")).as(commands.err()).isEqualTo(ExitCode.OK);
        assertThat(commands.out()).startsWith("Conversation caller-2 came to nothing: expired, 3 s late");

        assertThat(explain("e2")).isEqualTo(ExitCode.OK);
        assertThat(commands.out()).startsWith("Event e2 came to nothing: expired, 3 s late");
    }

    @Test
    void nothingFound_isExitCode1_andSaysWhereItWasLookedFor() {
        assertThat(explain("no-such-event", "--since", "7d")).isEqualTo(ExitCode.FAILED);

        assertThat(commands.out())
                .startsWith("Event no-such-event is on none of the topics that were looked through")
                .contains(topic.start + " (0 records)", "What to do: compare the name");
        assertThat(commands.err()).isEmpty();
    }

    /** Before Kafka's beginning of time, and of any. */
    @ParameterizedTest
    @ValueSource(strings = {"30000d", "1000000d", "200000000000d"})
    void sinceForEver_looksThroughAll(String since) throws Exception {
        topic.letter(ErrorCategory.EXPIRED, "3 s late", Instant.now(), "caller-3", "{\"event_id\":\"e3\"}");

        assertThat(explain("e3", "--since", since, "--timeout", since))
                .as(commands.err())
                .isEqualTo(ExitCode.OK);

        assertThat(commands.out()).startsWith("Event e3 came to nothing: expired");
    }

    /** Of whoever publishes, and of a terminal that takes what others chose for orders. */
    @Test
    void namesThatSteerATerminal_areShown_inAllThatIsPrinted() throws Exception {
        String steering = "\u009b2Jx\u202ey\u001b]0;z\u0007";
        topic.letter(ErrorCategory.EXPIRED, steering, Instant.now(), "k" + steering, "{\"event_id\":\"e4\"}");

        for (String[] asked : List.of(
                new String[] {"e4"},
                new String[] {"e4", "--json"},
                new String[] {"--key", "k" + steering, "--json"},
                new String[] {"--room", steering},
                new String[] {"no" + steering, "--at", steering})) {
            explain(asked);
            assertThat(commands.out() + " " + commands.err())
                    .as(String.join(" ", asked))
                    .doesNotContain("\u009b", "\u202e", "\u001b", "\u0007");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "event-1 --key caller-1",
                "--key caller-1 --room room-1",
                "event-1 --since yesterday",
                "event-1 --timeout 0s",
                "event-1 --at nowhere",
                "event-1 event-2"
            })
    void whatIsTypedWrongly_isWrongUsage(String arguments) {
        assertThat(explain(arguments.isEmpty() ? new String[0] : arguments.split(" ")))
                .as(commands.out())
                .isEqualTo(ExitCode.WRONG_USAGE);

        assertThat(commands.err()).startsWith("serai: ").contains("See 'serai explain --help'");
    }

    @Test
    void emptyKey_isWrongUsage() {
        assertThat(explain("--key", "")).isEqualTo(ExitCode.WRONG_USAGE);
    }
}
