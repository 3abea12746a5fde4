package dev.serai.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.settings.SeraiSettings;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.TopicReader;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import dev.serai.wire.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code serai send}, to a running service. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
class SendCommandTest {
    private static final Pattern SENT = Pattern.compile("serai: sent (.+), which is (\\S+)-(\\d+)@(\\d+); ");

    private static RunningSerai serai;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final String key = "caller-" + UUID.randomUUID();

    @BeforeAll
    static void startService() {
        serai = new RunningSerai();
    }

    @AfterAll
    static void stopService() {
        serai.close();
    }

    @Test
    void started_isPrintedInALineAndAsJson_withItsSecretsMasked() throws Exception {
        assertThat(send("--key", key, "--character-id", "guide"))
                .as(err.toString())
                .isEqualTo(ExitCode.OK);

        JsonNode reply = serai.replyTo(sentId());
        assertThat(sentId()).startsWith("send-");
        List<String> lines = out.toString().lines().toList();
        assertThat(lines.getFirst())
                .isEqualTo("started: room " + reply.path("room_name").asText() + " with guide, continuity new");
        assertThat(lines.get(1)).isEqualTo("{");
        JsonNode printed = Json.MAPPER.readTree(String.join("\n", lines.subList(1, lines.size())));
        assertThat(printed.path("token").asText()).isEqualTo("[masked]");
        assertThat(printed.path("session_id").asText()).isEqualTo("[masked]");
        assertThat(printed.path("character_session_id")).isEqualTo(reply.path("character_session_id"));
        assertThat(printed.properties()).hasSameSizeAs(reply.properties());
        assertThat(out.toString() + err)
                .doesNotContain(reply.path("token").asText())
                .doesNotContain(reply.path("session_id").asText());
    }

    @Test
    void roomAtAWebsocket_isMaskedBehindItsHost() throws Exception {
        assertThat(send(
                        "--key",
                        key,
                        "--character-id",
                        "guide",
                        "--field",
                        "connect_options={\"transport\":\"websocket\"}",
                        "--json"))
                .as(err.toString())
                .isEqualTo(ExitCode.OK);

        JsonNode reply = serai.replyTo(sentId());
        assertThat(reply.path("room_url").asText()).contains("session_id=");
        assertThat(Json.MAPPER.readTree(out.toString()).path("room_url").asText())
                .endsWith("/[masked]");
        assertThat(out.toString()).doesNotContain(reply.path("session_id").asText());
    }

    @Test
    void jsonWithSecrets_isTheWholeReplyInOneLine() throws Exception {
        assertThat(send("--key", key, "--character-id", "guide", "--json", "--show-secrets"))
                .as(err.toString())
                .isEqualTo(ExitCode.OK);

        assertThat(out.toString().lines()).hasSize(1);
        assertThat(Json.MAPPER.readTree(out.toString())).isEqualTo(serai.replyTo(sentId()));
    }

    @Test
    void failedByTheProvider_isRefused_andSaysWhatItAnswered() {
        assertThat(send("--key", key, "--character-id", RunningSerai.UNKNOWN_CHARACTER))
                .isEqualTo(ExitCode.REFUSED);

        assertThat(out.toString().lines().findFirst().orElse(""))
                .startsWith("failed: character_not_found: ")
                .endsWith("; the provider answered 404");
    }

    @Test
    void failedByTheService_isFailed() {
        assertThat(send("--key", key, "--character-id", "guide", "--field", "expires_at=2020-01-31T10:00:00Z"))
                .isEqualTo(ExitCode.FAILED);

        assertThat(out.toString()).startsWith("failed: expired: ");
    }

    @Test
    void end_endsWhatWasStarted() {
        assertThat(send("--key", key, "--character-id", "guide")).isEqualTo(ExitCode.OK);
        out.getBuffer().setLength(0);

        assertThat(send("--key", key, "--end", "--field", "reason=hung up"))
                .as(err.toString())
                .isEqualTo(ExitCode.OK);

        assertThat(out.toString())
                .startsWith("ended: 1 session, 0 waiting events cancelled")
                .contains("\"reason\" : \"hung up\"");
    }

    @Test
    void sameKeyAndId_askForTheSameRoom() throws Exception {
        assertThat(send("--key", key, "--character-id", "guide", "--json")).isEqualTo(ExitCode.OK);
        String room = Json.MAPPER.readTree(out.toString()).path("room_name").asText();
        out.getBuffer().setLength(0);

        assertThat(send("--key", key, "--character-id", "guide", "--event-id", sentId()))
                .isEqualTo(ExitCode.OK);

        assertThat(out.toString()).startsWith("started: room " + room + " with guide, told of before");
    }

    @Test
    void file_isSentByteByByte_whereNothingIsSetInIt(@TempDir Path directory) throws Exception {
        String id = UUID.randomUUID().toString();
        String event = "{ \"event_id\" : \"" + id
                + "\",\n \"character_id\":\"guide\", \"ttl_ms\": 60000, \"dynamic_info\": {\"text\":\"t\",\"n\":1.50} }\n";
        Path file = Files.writeString(directory.resolve("event.json"), event);

        assertThat(send("--key", key, file.toString(), "--header", "traceparent=00-1-2-01", "--header", "a=b=c"))
                .as(err.toString())
                .isEqualTo(ExitCode.OK);

        assertThat(sentId()).isEqualTo(id);
        ConsumerRecord<byte[], byte[]> sent = sentRecord();
        assertThat(new String(sent.value(), UTF_8)).isEqualTo(event);
        assertThat(new String(sent.key(), UTF_8)).isEqualTo(key);
        assertThat(TopicReader.header(sent, "a")).isEqualTo("b=c");
        assertThat(TopicReader.header(serai.replyRecordTo(id), "traceparent")).isEqualTo("00-1-2-01");
    }

    @Test
    void options_winOverTheFile_andLeaveItsNumbersAsTheyAre(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(
                directory.resolve("event.json"),
                "\uFEFF{\"character_id\":\"clerk\",\"ttl_ms\":1,\"dynamic_info\":{\"text\":\"t\",\"n\":1.50}}");

        assertThat(send("--key", key, file.toString(), "--character-id", "42", "--field", "ttl_ms=60000"))
                .as(err.toString())
                .isEqualTo(ExitCode.OK);

        assertThat(new String(sentRecord().value(), UTF_8))
                .contains("\"character_id\":\"42\"", "\"ttl_ms\":60000", "\"n\":1.50", "\"event_id\":\"" + sentId());
    }

    /** Nobody who waits for half a minute wants an event to be over after five seconds. */
    @Test
    void eventThatNamesNoDeadline_isWantedForAsLongAsTheCommandWaits() {
        assertThat(send("--key", key, "--character-id", "guide", "--wait", "25s"))
                .as(err.toString())
                .isEqualTo(ExitCode.OK);

        assertThat(new String(sentRecord().value(), UTF_8)).contains("\"ttl_ms\":25000");
        assertThat(err.toString()).contains("ttl_ms is 25000, as --wait is longer than serai.reply.default-ttl (5s)");
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
        assertThat(err.toString()).doesNotContain("ttl_ms is");
    }

    @Test
    void endEvent_getsNoDeadline() {
        assertThat(send("--key", key, "--end", "--wait", "25s"))
                .as(err.toString())
                .isEqualTo(ExitCode.OK);

        assertThat(new String(sentRecord().value(), UTF_8)).doesNotContain("ttl_ms");
    }

    @Test
    void structuredCloudEvent_hasItsFieldsInItsData_andSoHasItsReply(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("event.json"), cloudEvent("{\"n\":1.50}"));

        assertThat(send("--key", key, file.toString(), "--character-id", "guide", "--wait", "25s"))
                .as(err.toString())
                .isEqualTo(ExitCode.OK);

        JsonNode sent = Json.MAPPER.readTree(sentRecord().value());
        assertThat(sent.path("data").path("character_id").asText()).isEqualTo("guide");
        assertThat(sent.path("data").path("ttl_ms").asInt()).isEqualTo(25_000);
        assertThat(sent.findValues("event_id")).isEmpty();
        assertThat(sent.properties()).hasSize(5);
        assertThat(sentId()).isEqualTo("/send " + key);
        JsonNode reply = reply();
        List<String> lines = out.toString().lines().toList();
        assertThat(lines.getFirst())
                .isEqualTo("started: room " + reply.at("/data/room_name").asText() + " with guide, continuity new");
        JsonNode printed = Json.MAPPER.readTree(String.join("\n", lines.subList(1, lines.size())));
        assertThat(printed.path("type").asText()).isEqualTo("dev.serai.conversation.started.v1");
        assertThat(printed.at("/data/token").asText()).isEqualTo("[masked]");
        assertThat(out.toString() + err)
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

        assertThat(send(event)).as(err.toString()).isEqualTo(ExitCode.REFUSED);

        assertThat(sentId()).isEqualTo("/send 7");
        assertThat(out.toString()).startsWith("failed: character_not_found: ");
    }

    @Test
    void structuredCloudEventThatFails_isToldByItsData(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(
                directory.resolve("event.json"),
                cloudEvent("{\"character_id\":\"" + RunningSerai.UNKNOWN_CHARACTER + "\"}"));

        assertThat(send("--key", key, file.toString(), "--header", "content-type=application/cloudevents+json"))
                .as(err.toString())
                .isEqualTo(ExitCode.REFUSED);

        assertThat(out.toString().lines().findFirst().orElse(""))
                .startsWith("failed: character_not_found: ")
                .endsWith("; the provider answered 404");
    }

    @Test
    void fieldOfACloudEventWhoseDataIsNoObject_isWrongUsage(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(
                directory.resolve("event.json"), cloudEvent("0").replace("\"data\":0", "\"data_base64\":\"e30=\""));

        assertThat(send("--key", key, file.toString(), "--character-id", "guide"))
                .isEqualTo(ExitCode.WRONG_USAGE);

        assertThat(err.toString()).contains("there are no fields to set: ");
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
        assertThat(send(
                        "--key",
                        key,
                        "--character-id",
                        "guide",
                        "--set",
                        "serai.reply.correlation-headers=b3,kafka_correlationId"))
                .as(err.toString())
                .isEqualTo(ExitCode.OK);

        assertThat(sentRecord().headers().lastHeader("b3")).isNull();
    }

    @Test
    void eventWithoutAKey_isSaidToBelongToNoConversation() {
        assertThat(send("--character-id", "guide")).as(err.toString()).isEqualTo(ExitCode.OK);

        assertThat(err.toString()).contains("no --key: the event belongs to no conversation");
        assertThat(sentRecord().key()).isNull();
    }

    @Test
    void eventThatTheServiceWouldRefuse_isNotSent() {
        assertThat(send("--key", key, "--field", "characterId=guide", "--field", "ttl_ms=0"))
                .isEqualTo(ExitCode.WRONG_USAGE);

        assertThat(err.toString())
                .contains(
                        "not sent, for the service would refuse it: /ttl_ms: ",
                        "characterId: did you mean character_id?")
                .doesNotContain("serai: sent");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void endEventWithoutAKey_isNotSent() {
        assertThat(send("--end")).isEqualTo(ExitCode.WRONG_USAGE);

        assertThat(err.toString()).contains("has no key that says which");
    }

    @Test
    void misspeltField_isSaidToHaveNoEffect() {
        assertThat(send("--key", key, "--character-id", "guide", "--field", "sceneRef=harbour"))
                .isEqualTo(ExitCode.OK);

        assertThat(err.toString()).contains("has no effect: sceneRef: did you mean scene_ref?");
    }

    @Test
    void tenantThatOnlyTheServiceCanKnow_isItsBusiness() {
        assertThat(send("--key", key, "--character-id", "guide", "--field", "tenant=nobody"))
                .isEqualTo(ExitCode.FAILED);

        assertThat(out.toString()).startsWith("failed: invalid_event: /tenant: nobody is unknown");
    }

    @Test
    void uncheckedEvent_isSentWhateverItIs(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("event.json"), "no JSON");

        assertThat(send("--key", key, file.toString())).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(err.toString()).contains("the event is not valid JSON");
        assertThat(send("--key", key, file.toString(), "--no-check")).isEqualTo(ExitCode.FAILED);

        assertThat(out.toString()).startsWith("failed: invalid_event: the event is not valid JSON");
        assertThat(new String(sentRecord().value(), UTF_8)).isEqualTo("no JSON");
        assertThat(sentId()).isEqualTo(sent().group(2) + "-" + sent().group(3) + "-" + sent().group(4));
    }

    @Test
    void whatKafkaRefuses_isRefused(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("event.json"), "x".repeat(2 << 20));

        assertThat(send("--key", key, file.toString(), "--no-check")).isEqualTo(ExitCode.REFUSED);

        assertThat(err.toString())
                .contains(
                        "the event could not be published on "
                                + settings().kafka().startTopic(),
                        "max.request.size")
                .doesNotContain("\tat ");
    }

    @Test
    void missingTopic_isNamed() {
        assertThat(send("--key", key, "--character-id", "guide", "--set", "serai.kafka.start-topic=no.such"))
                .isEqualTo(ExitCode.FAILED);
        assertThat(send("--key", key, "--character-id", "guide", "--set", "serai.kafka.reply-topic=no.such.either"))
                .isEqualTo(ExitCode.FAILED);

        assertThat(err.toString())
                .contains("there is no topic no.such:", "there is no topic no.such.either:")
                .doesNotContain("serai: sent");
    }

    @Test
    void replyTopicThatAHeaderNames_isWhereTheReplyIsLookedFor() {
        String topic = serai.allowedReplyTopic();

        assertThat(send(
                        "--key",
                        key,
                        "--character-id",
                        "guide",
                        "--header",
                        "kafka_replyTopic=" + topic,
                        "--set",
                        "serai.reply.allowed-topics=" + topic))
                .as(err.toString())
                .isEqualTo(ExitCode.OK);

        assertThat(err.toString()).contains("for the reply on " + topic);
    }

    @Test
    void slowService_isSaidToHaveTheEvent() {
        serai.standIn().script(FaultScript.always(Fault.hang()).forCharacter("hangs"));

        assertThat(send("--key", key, "--character-id", "hangs", "--field", "ttl_ms=10000", "--wait", "200ms"))
                .isEqualTo(ExitCode.NO_REPLY);

        assertThat(err.toString())
                .contains(
                        "no reply within 200ms to " + settings().kafka().startTopic() + "-",
                        "a service of the group " + settings().kafka().groupId(),
                        "has its partition and is not done with it",
                        "./serai waiting");
        assertThat(out.toString()).isEmpty();
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

        assertThat(err.toString()).contains(told, "See 'serai send --help'.");
    }

    @Test
    void emptyKey_isWrongUsage() {
        assertThat(send("--key", "", "--character-id", "guide")).isEqualTo(ExitCode.WRONG_USAGE);

        assertThat(err.toString()).contains("--key must not be empty");
    }

    @Test
    void noHeaderToRecognizeTheReplyBy_isSaid() {
        assertThat(send(
                        "--key",
                        key,
                        "--character-id",
                        "guide",
                        "--set",
                        "serai.reply.correlation-headers=traceparent,tracestate"))
                .isEqualTo(ExitCode.FAILED);

        assertThat(err.toString()).contains("serai.reply.correlation-headers names no header but those of tracing");
    }

    @Test
    void help_saysWhatEachExitCodeMeans() {
        assertThat(send("--help")).isEqualTo(ExitCode.OK);

        assertThat(out.toString())
                .contains(
                        "  4          sent, and no reply in time",
                        "an event that the service would refuse",
                        "  ./serai send --key caller-1 --end")
                .doesNotContain("memory has run out");
    }

    private static SeraiSettings settings() {
        return serai.settings();
    }

    private int send(String... arguments) {
        SeraiSettings.Kafka kafka = settings().kafka();
        List<String> all = new ArrayList<>(List.of("send", "--config", "/dev/null"));
        for (String setting : List.of(
                "bootstrap-servers=" + SharedBroker.bootstrapServers(),
                "start-topic=" + kafka.startTopic(),
                "reply-topic=" + kafka.replyTopic(),
                "group-id=" + kafka.groupId())) {
            all.addAll(List.of("--set", "serai.kafka." + setting));
        }
        if (!List.of(arguments).contains("--wait")) {
            all.addAll(List.of("--wait", "30s"));
        }
        all.addAll(List.of(arguments));
        return SeraiCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }

    private Matcher sent() {
        Matcher sent = SENT.matcher(err.toString());
        assertThat(sent.find()).as(err.toString()).isTrue();
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
