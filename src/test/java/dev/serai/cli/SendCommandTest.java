package dev.serai.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.settings.KafkaSettings;
import dev.serai.settings.SeraiSettings;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.TopicReader;
import dev.serai.testing.TypedCommands;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import dev.serai.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code serai send}, to a running service. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
class SendCommandTest {
    private static final Pattern SENT = Pattern.compile("serai: sent (.+), which is (\\S+)-(\\d+)@(\\d+); ");

    @AutoClose
    private static RunningSerai serai;

    @TempDir
    private Path directory;

    private final TypedCommands commands = new TypedCommands();
    private final String key = "caller-" + UUID.randomUUID();

    @BeforeAll
    static void startService() {
        serai = new RunningSerai(Map.of("serai.connect.response-timeout", "2s"));
    }

    @Test
    void started_isPrintedInALineAndAsJson_withItsSecretsMasked() throws Exception {
        assertEnds(ExitCode.OK, "--character-id", "guide");

        JsonNode reply = serai.replyTo(sentId());
        assertThat(sentId()).startsWith("send-");
        List<String> lines = commands.out().lines().toList();
        assertThat(lines.getFirst())
                .isEqualTo("started: room " + reply.path("room_name").asText() + " with guide, continuity new");
        assertThat(lines.get(1)).isEqualTo("{");
        JsonNode printed = Json.MAPPER.readTree(String.join("\n", lines.subList(1, lines.size())));
        assertThat(printed.path("token").asText()).isEqualTo("[masked]");
        assertThat(printed.path("session_id").asText()).isEqualTo("[masked]");
        assertThat(printed.path("character_session_id")).isEqualTo(reply.path("character_session_id"));
        assertThat(printed.properties()).hasSameSizeAs(reply.properties());
        assertThat(commands.out() + commands.err())
                .doesNotContain(reply.path("token").asText())
                .doesNotContain(reply.path("session_id").asText());
    }

    @Test
    void roomAtAWebsocket_isMaskedBehindItsHost() throws Exception {
        assertEnds(
                ExitCode.OK,
                "--character-id",
                "guide",
                "--field",
                "connect_options={\"transport\":\"websocket\"}",
                "--json");

        JsonNode reply = serai.replyTo(sentId());
        assertThat(reply.path("room_url").asText()).contains("session_id=");
        assertThat(Json.MAPPER.readTree(commands.out()).path("room_url").asText())
                .endsWith("/[masked]");
        assertThat(commands.out()).doesNotContain(reply.path("session_id").asText());
    }

    @Test
    void jsonWithSecrets_isTheWholeReplyInOneLine() throws Exception {
        assertEnds(ExitCode.OK, "--character-id", "guide", "--json", "--show-secrets");

        assertThat(commands.out().lines()).hasSize(1);
        assertThat(Json.MAPPER.readTree(commands.out())).isEqualTo(serai.replyTo(sentId()));
    }

    @Test
    void failedByTheProvider_isRefused_andSaysWhatItAnswered() {
        assertEnds(ExitCode.REFUSED, "--character-id", RunningSerai.UNKNOWN_CHARACTER);

        assertThat(commands.out().lines().findFirst().orElse(""))
                .startsWith("failed: character_not_found: ")
                .endsWith("; the provider answered 404");
    }

    @Test
    void failedByTheService_isFailed() {
        assertEnds(ExitCode.FAILED, "--character-id", "guide", "--field", "expires_at=2020-01-31T10:00:00Z");

        assertThat(commands.out()).startsWith("failed: expired: ");
    }

    @Test
    void end_endsWhatWasStarted() {
        assertEnds(ExitCode.OK, "--character-id", "guide");
        commands.forget();

        assertEnds(ExitCode.OK, "--end", "--field", "reason=hung up");

        assertThat(commands.out())
                .startsWith("ended: 1 session, 0 waiting events cancelled")
                .contains("\"reason\" : \"hung up\"");
    }

    @Test
    void sameKeyAndId_askForTheSameRoom() throws Exception {
        assertEnds(ExitCode.OK, "--character-id", "guide", "--json");
        String room = Json.MAPPER.readTree(commands.out()).path("room_name").asText();
        String id = sentId();
        commands.forget();

        assertEnds(ExitCode.OK, "--character-id", "guide", "--event-id", id);

        assertThat(commands.out()).startsWith("started: room " + room + " with guide, told of before");
    }

    @Test
    void file_isSentByteByByte_whereNothingIsSetInIt() throws Exception {
        String id = UUID.randomUUID().toString();
        String event = "{ \"event_id\" : \"" + id
                + "\",\n \"character_id\":\"guide\", \"ttl_ms\": 60000, \"dynamic_info\": {\"text\":\"t\",\"n\":1.50} }\n";
        String file = file(event);

        assertEnds(ExitCode.OK, file, "--header", "traceparent=00-1-2-01", "--header", "a=b=c");

        assertThat(sentId()).isEqualTo(id);
        ConsumerRecord<byte[], byte[]> sent = sentRecord();
        assertThat(new String(sent.value(), UTF_8)).isEqualTo(event);
        assertThat(new String(sent.key(), UTF_8)).isEqualTo(key);
        assertThat(TopicReader.header(sent, "a")).isEqualTo("b=c");
        assertThat(TopicReader.header(serai.replyRecordTo(id), "traceparent")).isEqualTo("00-1-2-01");
    }

    @Test
    void options_winOverTheFile_andLeaveItsNumbersAsTheyAre() throws Exception {
        String file =
                file("\uFEFF{\"character_id\":\"clerk\",\"ttl_ms\":1,\"dynamic_info\":{\"text\":\"t\",\"n\":1.50}}");

        assertEnds(ExitCode.OK, file, "--character-id", "42", "--field", "ttl_ms=60000");

        assertThat(new String(sentRecord().value(), UTF_8))
                .contains("\"character_id\":\"42\"", "\"ttl_ms\":60000", "\"n\":1.50", "\"event_id\":\"" + sentId());
    }

    /** Nobody who waits for half a minute wants an event to be over after five seconds. */
    @Test
    void eventThatNamesNoDeadline_isWantedForAsLongAsTheCommandWaits() {
        assertEnds(ExitCode.OK, "--character-id", "guide", "--wait", "25s");

        assertThat(new String(sentRecord().value(), UTF_8)).contains("\"ttl_ms\":25000");
        assertThat(commands.err()).contains("ttl_ms is 25000, as --wait is longer than serai.reply.default-ttl (5s)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --wait 2s
            --wait 25s --field ttl_ms=60000
            --wait 25s --field expires_at=2999-01-01T00:00:00Z
            --wait 25s --no-check
            --wait 25s --set serai.reply.default-ttl=25s
            """)
    void eventThatNamesItsDeadline_orNeedsNone_keepsIt(String options) {
        List<String> all = new ArrayList<>(List.of("--key", key, "--character-id", "guide"));
        all.addAll(List.of(options.split(" ")));

        send(all.toArray(String[]::new));

        assertThat(new String(sentRecord().value(), UTF_8)).doesNotContain("\"ttl_ms\":25000");
        assertThat(commands.err()).doesNotContain("ttl_ms is");
    }

    @Test
    void endEvent_getsNoDeadline() {
        assertEnds(ExitCode.OK, "--end", "--wait", "25s");

        assertThat(new String(sentRecord().value(), UTF_8)).doesNotContain("ttl_ms");
    }

    @Test
    void structuredCloudEvent_hasItsFieldsInItsData_andSoHasItsReply() throws Exception {
        String file = file(cloudEvent("{\"n\":1.50}"));

        assertEnds(ExitCode.OK, file, "--character-id", "guide", "--wait", "25s");

        JsonNode sent = Json.MAPPER.readTree(sentRecord().value());
        assertThat(sent.path("data").path("character_id").asText()).isEqualTo("guide");
        assertThat(sent.path("data").path("ttl_ms").asInt()).isEqualTo(25_000);
        assertThat(sent.findValues("event_id")).isEmpty();
        assertThat(sent.properties()).hasSize(5);
        assertThat(sentId()).isEqualTo("/send " + key);
        JsonNode reply = reply();
        List<String> lines = commands.out().lines().toList();
        assertThat(lines.getFirst())
                .isEqualTo("started: room " + reply.at("/data/room_name").asText() + " with guide, continuity new");
        JsonNode printed = Json.MAPPER.readTree(String.join("\n", lines.subList(1, lines.size())));
        assertThat(printed.path("type").asText()).isEqualTo("dev.serai.conversation.started.v1");
        assertThat(printed.at("/data/token").asText()).isEqualTo("[masked]");
        assertThat(commands.out() + commands.err())
                .doesNotContain(reply.at("/data/token").asText())
                .doesNotContain(reply.at("/data/session_id").asText());
    }

    @Test
    void binaryCloudEvent_isHeadersOfItsOwn() {
        String[] event = {
            "--key",
            key,
            "--character-id",
            RunningSerai.UNKNOWN_CHARACTER,
            "--header",
            "ce_specversion=1.0",
            "--header",
            "ce_id=7",
            "--header",
            "ce_source=/send",
            "--header",
            "ce_type=dev.serai.conversation.start.v1",
            "--header",
            "content-type=application/json"
        };

        assertThat(send(event)).as(commands.err()).isEqualTo(ExitCode.REFUSED);

        assertThat(sentId()).isEqualTo("/send 7");
        assertThat(commands.out()).startsWith("failed: character_not_found: ");
    }

    @Test
    void structuredCloudEventThatFails_isToldByItsData() throws Exception {
        String file = file(cloudEvent("{\"character_id\":\"" + RunningSerai.UNKNOWN_CHARACTER + "\"}"));

        assertEnds(ExitCode.REFUSED, file, "--header", "content-type=application/cloudevents+json");

        assertThat(commands.out().lines().findFirst().orElse(""))
                .startsWith("failed: character_not_found: ")
                .endsWith("; the provider answered 404");
    }

    @Test
    void fieldOfACloudEventWhoseDataIsNoObject_isWrongUsage() throws Exception {
        String file = file(cloudEvent("0").replace("\"data\":0", "\"data_base64\":\"e30=\""));

        assertEnds(ExitCode.WRONG_USAGE, file, "--character-id", "guide");

        assertThat(commands.err()).contains("there are no fields to set: ");
    }

    private JsonNode reply() {
        try (TopicReader replies = new TopicReader(
                SharedBroker.bootstrapServers(), settings().kafka().replyTopic())) {
            return RunningSerai.json(replies.await("the reply", reply -> new String(reply.key(), UTF_8).equals(key)));
        }
    }

    private String cloudEvent(String data) {
        return "{\"specversion\":\"1.0\",\"id\":\"" + key + "\",\"source\":\"/send\","
                + "\"type\":\"dev.serai.conversation.start.v1\",\"data\":" + data + "}";
    }

    /** As the service knows them: it gives who has only such a header no short time. */
    @Test
    void headerOfTracing_isNotWhatTheReplyIsRecognizedBy() {
        assertEnds(
                ExitCode.OK,
                "--character-id",
                "guide",
                "--set",
                "serai.reply.correlation-headers=b3,kafka_correlationId");

        assertThat(sentRecord().headers().lastHeader("b3")).isNull();
    }

    @Test
    void eventWithoutAKey_isSaidToBelongToNoConversation() {
        assertThat(send("--character-id", "guide")).as(commands.err()).isEqualTo(ExitCode.OK);

        assertThat(commands.err()).contains("no --key: the event belongs to no conversation");
        assertThat(sentRecord().key()).isNull();
    }

    @Test
    void eventThatTheServiceWouldRefuse_isNotSent() {
        assertEnds(ExitCode.WRONG_USAGE, "--field", "characterId=guide", "--field", "ttl_ms=0");

        assertThat(commands.err())
                .contains(
                        "not sent, for the service would refuse it: /ttl_ms: ",
                        "characterId: did you mean character_id?")
                .doesNotContain("serai: sent");
        assertThat(commands.out()).isEmpty();
    }

    @Test
    void endEventWithoutAKey_isNotSent() {
        assertThat(send("--end")).isEqualTo(ExitCode.WRONG_USAGE);

        assertThat(commands.err()).contains("has no key that says which");
    }

    @Test
    void misspeltField_isSaidToHaveNoEffect() {
        assertEnds(ExitCode.OK, "--character-id", "guide", "--field", "sceneRef=harbour");

        assertThat(commands.err()).contains("has no effect: sceneRef: did you mean scene_ref?");
    }

    @Test
    void tenantThatOnlyTheServiceCanKnow_isItsBusiness() {
        assertEnds(ExitCode.FAILED, "--character-id", "guide", "--field", "tenant=nobody");

        assertThat(commands.out()).startsWith("failed: invalid_event: /tenant: nobody is unknown");
    }

    @Test
    void uncheckedEvent_isSentWhateverItIs() throws Exception {
        String file = file("no JSON");

        assertEnds(ExitCode.WRONG_USAGE, file);
        assertThat(commands.err()).contains("the event is not valid JSON");
        assertEnds(ExitCode.FAILED, file, "--no-check");

        assertThat(commands.out()).startsWith("failed: invalid_event: the event is not valid JSON");
        assertThat(new String(sentRecord().value(), UTF_8)).isEqualTo("no JSON");
        assertThat(sentId()).isEqualTo(sent().group(2) + "-" + sent().group(3) + "-" + sent().group(4));
    }

    @Test
    void whatKafkaRefuses_isRefused() throws Exception {
        String file = file("x".repeat(2 << 20));

        assertEnds(ExitCode.REFUSED, file, "--no-check");

        assertThat(commands.err())
                .contains(
                        "the event could not be published on "
                                + settings().kafka().startTopic(),
                        "max.request.size")
                .doesNotContain("\tat ");
    }

    @Test
    void missingTopic_isNamed() {
        assertEnds(ExitCode.FAILED, "--character-id", "guide", "--set", "serai.kafka.start-topic=no.such");
        assertEnds(ExitCode.FAILED, "--character-id", "guide", "--set", "serai.kafka.reply-topic=no.such.either");

        assertThat(commands.err())
                .contains("there is no topic no.such:", "there is no topic no.such.either:")
                .doesNotContain("serai: sent");
    }

    @Test
    void replyTopicThatAHeaderNames_isWhereTheReplyIsLookedFor() {
        String topic = serai.allowedReplyTopic();

        assertEnds(
                ExitCode.OK,
                "--character-id",
                "guide",
                "--header",
                "kafka_replyTopic=" + topic,
                "--set",
                "serai.reply.allowed-topics=" + topic);

        assertThat(commands.err()).contains("for the reply on " + topic);
    }

    @Test
    void slowService_isSaidToHaveTheEvent() {
        serai.standIn().script(FaultScript.always(Fault.hang()).forCharacter("hangs"));

        assertEnds(ExitCode.NO_REPLY, "--character-id", "hangs", "--field", "ttl_ms=10000", "--wait", "200ms");

        assertThat(commands.err())
                .contains(
                        "no reply within 200ms to " + settings().kafka().startTopic() + "-",
                        "a service of the group " + settings().kafka().groupId(),
                        "has its partition and is not done with it",
                        "./serai waiting");
        assertThat(commands.out()).isEmpty();
    }

    @Test
    void replyThatWentElsewhere_isTakenForThat() throws Exception {
        RecordMetadata at = serai.publish(key, "{\"character_id\":\"guide\"}");
        serai.awaitCommitted(at);

        assertThat(new WhyNoReply(
                                Map.of("bootstrap.servers", serai.bootstrapServers()),
                                settings().kafka().groupId())
                        .of(new TopicPartition(at.topic(), at.partition()), at.offset()))
                .contains("is done with it", "serai.kafka.reply-topic", "serai.reply.correlation-headers");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            --wait soon               | --wait must be a duration such as 500ms, 2s
            --wait 5                  | --wait must have a unit, for example 5ms or 5s, was 5
            --wait 2d                 | --wait must be at least 0s and at most 1d, was 2d
            --wait PT-1S              | --wait must be at least 0s and at most 1d, was PT-1S
            --header a                | --header: expected NAME=VALUE, was a
            --header serai-status=x   | headers that begin with serai- are the service's own
            no-such-file.json         | the event cannot be read: no-such-file.json
            pom.xml --character-id c  | there are no fields to set: pom.xml is not a JSON object
            --field a                 | --field
            a.json b.json             | unexpected argument 'b.json'
            """)
    void wrongUsage_saysWhatIsExpected(String line, String told) {
        assertThat(send(line.split(" ", -1))).isEqualTo(ExitCode.WRONG_USAGE);

        assertThat(commands.err()).contains(told, "See 'serai send --help'.");
    }

    @Test
    void emptyKey_isWrongUsage() {
        assertThat(send("--key", "", "--character-id", "guide")).isEqualTo(ExitCode.WRONG_USAGE);

        assertThat(commands.err()).contains("--key must not be empty");
    }

    @Test
    void noHeaderToRecognizeTheReplyBy_isSaid() {
        assertEnds(
                ExitCode.FAILED,
                "--character-id",
                "guide",
                "--set",
                "serai.reply.correlation-headers=traceparent,tracestate");

        assertThat(commands.err()).contains("serai.reply.correlation-headers names no header but those of tracing");
    }

    @Test
    void help_saysWhatEachExitCodeMeans() {
        assertThat(send("--help")).isEqualTo(ExitCode.OK);

        assertThat(commands.out())
                .contains(
                        "  4          sent, and no reply in time",
                        "an event that the service would refuse",
                        "  ./serai send --key caller-1 --end")
                .doesNotContain("memory has run out");
    }

    private static SeraiSettings settings() {
        return serai.settings();
    }

    /** Sends an event of this test's conversation, or does not: the command ends with that exit code. */
    private void assertEnds(int exitCode, String... options) {
        List<String> words = new ArrayList<>(List.of("--key", key));
        words.addAll(List.of(options));
        assertThat(send(words.toArray(String[]::new))).as(commands.err()).isEqualTo(exitCode);
    }

    private int send(String... arguments) {
        KafkaSettings kafka = settings().kafka();
        List<String> words = new ArrayList<>(List.of("send"));
        words.addAll(List.of(arguments));
        if (!words.contains("--wait")) {
            words.addAll(List.of("--wait", "30s"));
        }
        return commands.run(
                List.of(
                        "serai.kafka.bootstrap-servers=" + SharedBroker.bootstrapServers(),
                        "serai.kafka.start-topic=" + kafka.startTopic(),
                        "serai.kafka.reply-topic=" + kafka.replyTopic(),
                        "serai.kafka.group-id=" + kafka.groupId()),
                words);
    }

    /** An event in a file, by its path. */
    private String file(String event) throws IOException {
        return Files.writeString(directory.resolve("event.json"), event).toString();
    }

    private Matcher sent() {
        Matcher sent = SENT.matcher(commands.err());
        assertThat(sent.find()).as(commands.err()).isTrue();
        return sent;
    }

    private String sentId() {
        return sent().group(1);
    }

    private ConsumerRecord<byte[], byte[]> sentRecord() {
        Matcher sent = sent();
        try (TopicReader events = new TopicReader(SharedBroker.bootstrapServers(), sent.group(2))) {
            return events.await(
                    "the event that was sent",
                    event -> event.partition() == Integer.parseInt(sent.group(3))
                            && event.offset() == Long.parseLong(sent.group(4)));
        }
    }
}
