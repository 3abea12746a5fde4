package dev.serai.routes;

import static dev.serai.testing.Incoming.header;
import static dev.serai.testing.Incoming.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.conversation.ConversationFailure;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Incoming;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.TopicReader;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RecordHeader;
import dev.serai.wire.WireSchemas;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The dead letter holds the event as it was, and says why. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class RejectRouteTest {
    private static final byte[] NO_UTF8 = {(byte) 0xff, 0, (byte) 0xfe, (byte) 0xc3, 0x28};
    private static final Instant LONG_AGO = Instant.parse("2001-02-03T04:05:06.789Z");

    @AutoClose
    private static RunningSerai serai;

    @BeforeAll
    static void start() {
        serai = new RunningSerai();
    }

    static Stream<Arguments> originals() {
        return Stream.of(
                Arguments.of("text", Incoming.event("key-1", "{'event_id':'a'}")),
                Arguments.of("bytes", Incoming.bytes(NO_UTF8, NO_UTF8)),
                Arguments.of("null key", Incoming.bytes(null, NO_UTF8)),
                Arguments.of("null value", Incoming.bytes(NO_UTF8, null)),
                Arguments.of("empty key and value", Incoming.bytes(new byte[0], new byte[0])),
                Arguments.of("old", Incoming.at(LONG_AGO, utf8("key-1"), utf8("old"))),
                Arguments.of("1970", Incoming.at(Instant.EPOCH, utf8("key-1"), utf8("old"))),
                Arguments.of("5 MB", Incoming.bytes(utf8("key-1"), new byte[5_000_000])),
                Arguments.of("looks like a list", Incoming.event("key-1", "[1,2,3]")),
                Arguments.of(
                        "headers that Camel knows",
                        Incoming.event(
                                "key-1",
                                "{}",
                                header("CamelFileName", "x"),
                                header("CamelHttpUri", "http://elsewhere"),
                                header("kafka.TOPIC", "elsewhere"),
                                header("kafka.OVERRIDE_TOPIC", "elsewhere"),
                                header("kafka.OVERRIDE_TIMESTAMP", "1"),
                                header("kafka.PARTITION_KEY", "0"),
                                header("org.apache.camel.x", "x"),
                                header("breadcrumbId", "x"),
                                header("Content-Type", "x"))),
                Arguments.of(
                        "headers that repeat, differ in case, are null, empty or no text",
                        Incoming.event(
                                "key-1",
                                "{}",
                                header("name", "1"),
                                header("NAME", "2"),
                                header("name", "3"),
                                new RecordHeader("name", null),
                                new RecordHeader("name", new byte[0]),
                                new RecordHeader("name", NO_UTF8),
                                header("", "no name"),
                                header("ünï", "ünï"),
                                header("serai-packed-headers", "our own name"))),
                Arguments.of(
                        "a dead letter that was published again",
                        Incoming.event(
                                "key-1",
                                "{}",
                                header("serai-error-category", "expired"),
                                header("serai-original-offset", "12"),
                                header("serai-http-status", "500"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("originals")
    void deadLetter_isTheOriginalWithHeadersBehind(String name, OriginalRecord original) {
        Exchange done = reject(original, Failure.of(ErrorCategory.EXPIRED, "too late"));

        assertThat(done.getException()).isNull();
        ConsumerRecord<byte[], byte[]> letter = onlyDeadLetterOf(original);
        assertThat(letter.key()).isEqualTo(original.key());
        assertThat(letter.value()).isEqualTo(original.value());
        assertThat(Instant.ofEpochMilli(letter.timestamp())).isEqualTo(original.timestamp());
        List<RecordHeader> headers = Headers.of(letter);
        List<RecordHeader> kept = original.headers().stream()
                .filter(header -> !header.name().startsWith("serai-"))
                .toList();
        int originals = kept.size();
        assertThat(headers.subList(0, originals)).usingRecursiveComparison().isEqualTo(kept);
        assertThat(headers.subList(originals, headers.size()))
                .extracting(RecordHeader::name)
                .containsExactly(
                        "serai-error-category",
                        "serai-error-detail",
                        "serai-attempts",
                        "serai-original-topic",
                        "serai-original-partition",
                        "serai-original-offset",
                        "serai-failed-at");
        ObjectNode added = WireSchemas.assertDeadLetterHeaders(letter.headers());
        assertThat(added.path("serai-error-category").asText()).isEqualTo("expired");
        assertThat(added.path("serai-error-detail").asText()).isEqualTo("too late");
        assertThat(added.path("serai-attempts").asText()).isEqualTo("0");
        assertThat(added.path("serai-original-topic").asText()).isEqualTo(Incoming.TOPIC);
        assertThat(added.path("serai-original-partition").asText()).isEqualTo("" + Incoming.PARTITION);
        assertThat(Instant.parse(added.path("serai-failed-at").asText()))
                .isBetween(Instant.now().minusSeconds(60), Instant.now());
    }

    @Test
    void manyRandomHeaders_arriveAsTheyWere() {
        long seed = Long.getLong("serai.test.seed", new Random().nextLong());
        System.out.println("seed of manyRandomHeaders_arriveAsTheyWere: " + seed);
        Random random = new Random(seed);
        RecordHeader[] headers = new RecordHeader[500];
        for (int i = 0; i < headers.length; i++) {
            byte[] value = new byte[random.nextInt(50)];
            random.nextBytes(value);
            headers[i] = new RecordHeader("h" + random.nextInt(20), random.nextInt(10) == 0 ? null : value);
        }
        OriginalRecord original = Incoming.event("key-1", "{}", headers);

        reject(original, Failure.of(ErrorCategory.EXPIRED, "too late"));

        assertThat(Headers.of(onlyDeadLetterOf(original)).subList(0, headers.length))
                .usingRecursiveComparison()
                .isEqualTo(original.headers());
    }

    @Test
    void failureReply_saysTheSameAsTheDeadLetter() {
        OriginalRecord original = Incoming.event("key-1", "{'event_id':'same'}");

        reject(
                original,
                new Failure(
                        ErrorCategory.PROVIDER_BUSY,
                        429,
                        Failure.of(ErrorCategory.EXPIRED, "busy").detail()));

        JsonNode reply = serai.replyTo(original.position());
        WireSchemas.assertReply(reply);
        assertThat(reply.path("error").path("category").asText()).isEqualTo("provider_busy");
        assertThat(reply.path("error").path("http_status").asInt()).isEqualTo(429);
        assertThat(reply.path("error").path("retryable").asBoolean()).isTrue();
        assertThat(TopicReader.header(onlyDeadLetterOf(original), "serai-http-status"))
                .isEqualTo("429");
    }

    static Stream<Arguments> addressing() {
        return Stream.of(
                Arguments.of("nothing", Incoming.event(null, "{}"), false),
                Arguments.of("key", Incoming.event("key-1", "{}"), true),
                Arguments.of("empty key", Incoming.bytes(new byte[0], utf8("{}")), true),
                Arguments.of("correlation", Incoming.event(null, "{}", header("correlation_id", "x")), true),
                Arguments.of("other header", Incoming.event(null, "{}", header("x", "x")), false),
                Arguments.of("other topic", Incoming.event(null, "{}", header("kafka_replyTopic", "x")), false));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("addressing")
    void failureReply_isSentOnlyIfSomebodyCanKnowIt(String name, OriginalRecord original, boolean sent) {
        reject(original, Failure.of(ErrorCategory.EXPIRED, "too late"));

        onlyDeadLetterOf(original);
        assertThat(serai.repliesTo(original.position())).hasSize(sent ? 1 : 0);
    }

    @Test
    void replyTopicThatIsAllowed_getsTheFailureReplyWithoutKey() {
        OriginalRecord original = Incoming.event(null, "{}", header("kafka_replyTopic", serai.allowedReplyTopic()));

        reject(original, Failure.of(ErrorCategory.EXPIRED, "too late"));

        try (TopicReader reader = serai.reader(serai.allowedReplyTopic())) {
            reader.await(
                    "failure reply",
                    reply -> RunningSerai.json(reply).path("event_id").asText().equals(original.position()));
        }
    }

    private static Exchange reject(OriginalRecord original, Failure failure) {
        return serai.send(
                "direct:reject",
                original,
                exchange -> exchange.setProperty(Exchange.EXCEPTION_CAUGHT, new ConversationFailure(failure)));
    }

    private static ConsumerRecord<byte[], byte[]> onlyDeadLetterOf(OriginalRecord original) {
        List<ConsumerRecord<byte[], byte[]>> letters = serai.deadLettersOf(original);
        assertThat(letters).hasSize(1);
        return letters.getFirst();
    }
}
