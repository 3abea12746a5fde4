package dev.serai.routes;

import static dev.serai.testing.Incoming.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.testing.Incoming;
import dev.serai.testing.RunningSerai;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import dev.serai.trial.standin.RecordedCall;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RecordHeader;
import dev.serai.wire.WireSchemas;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What both kinds of look-ups promise. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LookUpCases {
    private static final Duration MUCH_LONGER_THAN_EVENTS_WAIT = Duration.ofSeconds(20);

    /** What is found must not be given up for the load of the machine. */
    private static final Map<String, String> PATIENT =
            Map.of("serai.sources.scenes.timeout", "4s", "serai.sources.customers.timeout", "4s");

    private final String path;
    private final String reference;
    private final String provenance;

    @AutoClose
    RunningSerai serai;

    /**
     * @param path where the source is
     * @param reference the event's field that is looked up
     * @param provenance the reply's field that says where it came from
     */
    LookUpCases(String path, String reference, String provenance) {
        this.path = path;
        this.reference = reference;
        this.provenance = provenance;
    }

    /** The first call of a fresh JVM takes long. */
    @BeforeAll
    void start() {
        serai = new RunningSerai(PATIENT);
        serai.converse(Incoming.event("key", "{'character_id':'c','scene_ref':'harbour'}"));
    }

    /** What the source answers, with that text in it. */
    abstract String answer(String text);

    /** Some that work between those that fail: a source that keeps failing would be left alone. */
    @BeforeEach
    void lookUpWhatWorks() {
        for (int i = 0; i < 3; i++) {
            serai.standIn()
                    .script(FaultScript.once(Fault.rawStatus(200, answer("works")))
                            .onPath(path));
            assertThat(status(reply("works"))).isEqualTo("fresh");
        }
        forget();
    }

    @AfterEach
    void forget() {
        serai.standIn().clearCalls();
        serai.standIn().clearFaults();
    }

    static Stream<Arguments> references() {
        return Stream.of(
                argumentSet("plain", "harbour", "harbour"),
                argumentSet("space", "two words", "two%20words"),
                argumentSet("slash", "a/b", "a%2Fb"),
                argumentSet("up", "../customers/learner-1", "..%2Fcustomers%2Flearner-1"),
                argumentSet("encoded slash", "a%2Fb", "a%252Fb"),
                argumentSet("encoded up", "%2e%2e", "%252e%252e"),
                argumentSet("backslash", "..\\x", "..%5Cx"),
                argumentSet("query", "a?b=c&d", "a%3Fb%3Dc%26d"),
                argumentSet("fragment", "a#b", "a%23b"),
                argumentSet("plus", "a+b", "a%2Bb"),
                argumentSet("semicolon", "a;b", "a%3Bb"),
                argumentSet("unicode", "Größe 🐪", "Gr%C3%B6%C3%9Fe%20%F0%9F%90%AA"),
                argumentSet("URL", "http://elsewhere.example/x", "http%3A%2F%2Felsewhere.example%2Fx"),
                argumentSet("user", "@elsewhere.example", "%40elsewhere.example"),
                argumentSet("line break", "a\r\nX-Evil: 1", "a%0D%0AX-Evil%3A%201"),
                argumentSet(
                        "Camel's own",
                        "RAW(x)${body}{{serai.kafka.group-id}}",
                        "RAW%28x%29%24%7Bbody%7D%7B%7B" + "serai.kafka.group-id%7D%7D"),
                argumentSet("three dots", "...", "..."));
    }

    @ParameterizedTest
    @MethodSource("references")
    void reference_isOneSegmentOfThePath(String value, String segment) {
        serai.standIn()
                .script(FaultScript.once(Fault.rawStatus(200, answer("found"))).onPath(path));

        JsonNode reply = reply(value);

        RecordedCall call = lookUp();
        assertThat(call.method()).isEqualTo("GET");
        assertThat(call.path()).isEqualTo(path + segment);
        assertThat(call.body()).isEmpty();
        assertThat(status(reply)).isEqualTo("fresh");
        assertThat(connectBody()).contains("found");
    }

    static Stream<Arguments> pathSteps() {
        return Stream.of(argumentSet("here", "."), argumentSet("up", ".."));
    }

    @ParameterizedTest
    @MethodSource("pathSteps")
    void referenceThatIsAStepOfAPath_isNotKnown_withoutALookUp(String value) {
        JsonNode reply = reply(value);

        assertThat(serai.standIn().calls()).extracting(RecordedCall::path).containsExactly("/connect");
        assertThat(status(reply)).isEqualTo("absent");
    }

    @Test
    void request_carriesNothingOfTheEvent() {
        RecordHeader[] headers = {
            header("Authorization", "Bearer of the event"),
            header("X-API-Key", "of the event"),
            header("Cookie", "of=the-event"),
            header("Host", "elsewhere.example"),
            header("CamelHttpUri", "http://elsewhere.example"),
            header("CamelHttpPath", "/elsewhere"),
            header("CamelHttpQuery", "q=1"),
            header("CamelHttpMethod", "DELETE"),
            header("X-Event", "of the event"),
        };
        serai.standIn()
                .script(FaultScript.once(Fault.rawStatus(200, answer("found"))).onPath(path));

        assertThat(status(reply("harbour", headers))).isEqualTo("fresh");

        assertThat(lookUp().headers().keySet())
                .map(String::toLowerCase)
                .containsExactlyInAnyOrder("accept", "connection", "host", "user-agent");
        assertThat(lookUp().header("host")).contains(serai.standIn().baseUrl().getAuthority());
        assertThat(lookUp().method()).isEqualTo("GET");
        assertThat(lookUp().path()).isEqualTo(path + "harbour");
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                argumentSet("500", Fault.status(500, "broken")),
                argumentSet("503 with pause", Fault.status(503).withRetryAfter("0")),
                argumentSet("429", Fault.status(429)),
                argumentSet("401", Fault.status(401)),
                argumentSet("204", Fault.status(204)),
                argumentSet("302", Fault.status(302)),
                argumentSet("HTML", Fault.html(200)),
                argumentSet("empty", Fault.rawStatus(200, "")),
                argumentSet("number", Fault.rawStatus(200, "1")),
                argumentSet("wrong types", Fault.rawStatus(200, "{\"text\":[1]}")),
                argumentSet("wrong elements", Fault.rawStatus(200, "[{\"name\":1,\"description\":{}}]")),
                argumentSet("duplicate fields", Fault.rawStatus(200, "{\"text\":\"a\",\"text\":\"b\"}")),
                argumentSet("cut off", Fault.rawStatus(200, "{\"text\":\"a")),
                argumentSet("reset", Fault.resetBefore()),
                argumentSet("reset after", Fault.resetAfter()),
                argumentSet("hang", Fault.hang()),
                argumentSet("slow", Fault.delay(MUCH_LONGER_THAN_EVENTS_WAIT, MUCH_LONGER_THAN_EVENTS_WAIT)));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void failure_isGoneOnWithout_inTime(Fault fault) {
        serai.standIn().script(FaultScript.always(fault).onPath(path));
        long begun = System.nanoTime();

        JsonNode reply = reply("harbour");

        assertThat(reply.path("status").asText()).isEqualTo("started");
        assertThat(status(reply)).isEqualTo("failed");
        assertThat(reply.at("/enrichment/" + provenance + "/age_ms").isNull()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(MUCH_LONGER_THAN_EVENTS_WAIT.dividedBy(2));
        assertThat(serai.standIn().calls().stream().filter(call -> call.path().startsWith(path)))
                .as("one try")
                .hasSize(1);
    }

    @Test
    void answerThatIsTooLong_isGoneOnWithout() {
        serai.standIn()
                .script(FaultScript.once(Fault.rawStatus(200, answer("x".repeat(300_000))))
                        .onPath(path));

        assertThat(status(reply("harbour"))).isEqualTo("failed");
        assertThat(connectBody()).doesNotContain("xxxx");
    }

    static Stream<Arguments> unknown() {
        return Stream.of(
                argumentSet("404", Fault.status(404, "unknown")), argumentSet("null", Fault.rawStatus(200, "null")));
    }

    @ParameterizedTest
    @MethodSource("unknown")
    void unknownReference_isNoFailure(Fault answer) {
        serai.standIn().script(FaultScript.once(answer).onPath(path));

        assertThat(status(reply("nobody"))).isEqualTo("absent");
    }

    JsonNode reply(String value, RecordHeader... headers) {
        ObjectNode event = event().put(reference, value);
        return reply(event, headers);
    }

    JsonNode reply(ObjectNode event, RecordHeader... headers) {
        OriginalRecord incoming = Incoming.bytes(null, Incoming.utf8(event.toString()), headers);
        assertThat(serai.converse(incoming).getException()).isNull();
        JsonNode reply = serai.replyTo(event.path("event_id").asText());
        WireSchemas.assertReply(reply);
        return reply;
    }

    static ObjectNode event() {
        return Json.MAPPER
                .createObjectNode()
                .put("event_id", UUID.randomUUID().toString())
                .put("character_id", "c");
    }

    String status(JsonNode reply) {
        return reply.at("/enrichment/" + provenance + "/status").asText();
    }

    RecordedCall lookUp() {
        return serai.standIn().calls().stream()
                .filter(call -> call.path().startsWith(path))
                .findFirst()
                .orElseThrow();
    }

    String connectBody() {
        return serai.standIn().calls().stream()
                .filter(call -> call.path().equals("/connect"))
                .findFirst()
                .orElseThrow()
                .body();
    }

    JsonNode connectJson() {
        try {
            return Json.MAPPER.readTree(connectBody());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
