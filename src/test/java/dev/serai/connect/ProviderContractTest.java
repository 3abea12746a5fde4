package dev.serai.connect;

import static dev.serai.trial.standin.Fault.rawStatus;
import static dev.serai.trial.standin.Fault.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Incoming;
import dev.serai.testing.RunningSerai;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import dev.serai.trial.standin.RecordedCall;
import dev.serai.wire.Json;
import dev.serai.wire.WireSchemas;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a start event comes to for each thing that the provider can answer: from the start topic over a real call to the
 * reply and the dead letter. The rows are those of the Connect API's contract.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
class ProviderContractTest {
    private static final int MAX_ATTEMPTS = 4;

    /** What the rows' events came to: these are published at once, for most of what they do is to wait. */
    private static final Map<String, Published> PUBLISHED = new HashMap<>();

    @AutoClose
    private static RunningSerai serai;

    /** Of each test. */
    private final String character = UUID.randomUUID().toString();

    private final String key = UUID.randomUUID().toString();

    private record Published(String id, String character, RecordMetadata position) {}

    @BeforeAll
    static void start() {
        Map<String, String> settings = new HashMap<>(Map.of(
                "serai.connect.response-timeout",
                "2s",
                "serai.connect.total-timeout",
                "2s",
                "serai.connect.max-concurrent",
                "8",
                // Each row is to fail by itself.
                "serai.connect.gate.outage-calls",
                "1000"));
        String[] tenants =
                rows().map(Row::tenant).filter(Objects::nonNull).distinct().toArray(String[]::new);
        for (String tenant : tenants) {
            settings.put("serai.tenants." + tenant + ".max-concurrent", "1");
        }
        serai = RunningSerai.withTenants(settings, tenants);
        rows().forEach(row -> PUBLISHED.put(row.name(), publish(row)));
        PUBLISHED.values().forEach(event -> serai.replyTo(event.id()));
        serai.standIn().clearFaults();
    }

    private static Published publish(Row row) {
        String character = UUID.randomUUID().toString();
        row.faults().forEach(fault -> serai.standIn()
                .script((row.untilDeadline() ? FaultScript.always(fault) : FaultScript.once(fault))
                        .forCharacter(character)));
        if (row.name().equals("200 without speaker_id")) {
            serai.standIn()
                    .script(FaultScript.once(Fault.missingFields("speaker_id")).forCharacter(character));
        }
        String id = UUID.randomUUID().toString();
        String tenant = row.tenant() == null ? "" : ",'tenant':'" + row.tenant() + "'";
        String ttl = row.untilDeadline() ? ",'ttl_ms':6000" : "";
        RecordMetadata position = serai.publish(
                id, Incoming.json("{'event_id':'" + id + "','character_id':'" + character + "'" + tenant + ttl + "}"));
        return new Published(id, character, position);
    }

    @AfterEach
    void clearFaults() {
        serai.standIn().clearFaults();
    }

    /**
     * One row.
     *
     * @param faults what the calls are answered, in order; the stand-in's own answer after them, unless the event waits
     *     until its deadline: then the last one for ever
     * @param calls at least so many if the event waits until its deadline
     * @param category of the failure; null for a room
     * @param httpStatus of the failure
     */
    record Row(
            String name,
            List<Fault> faults,
            int calls,
            @Nullable String category,
            @Nullable Integer httpStatus,
            boolean retryable,
            boolean possibleDuplicate,
            boolean untilDeadline) {
        /** What holds up its tenant's gate has a tenant of its own, so that it holds up no other row. */
        @Nullable
        String tenant() {
            return untilDeadline || name.startsWith("401")
                    ? "t" + name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-")
                    : null;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Row rejected(String name, Fault fault, String category, int httpStatus) {
        return new Row(name, List.of(fault), 1, category, httpStatus, false, false, false);
    }

    /** Neither plan nor key is the event's fault: it waits for them. */
    private static Row waits(String name, Fault fault, String category, int httpStatus, boolean retryable) {
        return new Row(name, List.of(fault), 2, category, httpStatus, retryable, false, true);
    }

    private static Row givenUp(
            String name, Fault fault, String category, @Nullable Integer httpStatus, boolean possibleDuplicate) {
        return new Row(
                name,
                repeated(MAX_ATTEMPTS, fault),
                MAX_ATTEMPTS,
                category,
                httpStatus,
                true,
                possibleDuplicate,
                false);
    }

    private static Row recovers(String name, boolean possibleDuplicate, Fault... faults) {
        return new Row(name, List.of(faults), faults.length + 1, null, null, false, possibleDuplicate, false);
    }

    private static Row unusable(String name, Fault fault) {
        return new Row(name, List.of(fault), 1, "protocol_error", 200, true, true, false);
    }

    /** With the label that the documentation has for logs. */
    private static Fault coded(int status, String code, @Nullable String detail) {
        ObjectNode body = Json.MAPPER.createObjectNode().put("error_code", code);
        return rawStatus(status, (detail == null ? body : body.put("detail", detail)).toString());
    }

    private static List<Fault> repeated(int times, Fault fault) {
        return Stream.generate(() -> fault).limit(times).toList();
    }

    static Stream<Row> rows() {
        String httpDate = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.now().plusSeconds(60).atOffset(ZoneOffset.UTC));
        Fault busy = status(429, "Concurrency limit reached");
        Fault hang = Fault.hang();
        return Stream.of(
                recovers("200", false),
                rejected("400", status(400, "Missing end_user_id. Required."), "invalid_request", 400),
                rejected("400 session, none sent", status(400, "Invalid character_session_id"), "invalid_request", 400),
                rejected("400 code", coded(400, "missing_end_user_id", null), "invalid_request", 400),
                rejected("400 uuid, no session sent", status(400, "invalid uuid format"), "invalid_request", 400),
                rejected("400 HTML", Fault.html(400), "invalid_request", 400),
                rejected("400 empty", status(400), "invalid_request", 400),
                waits("401", status(401, "Invalid API key"), "unauthorized", 401, true),
                waits("401 HTML", Fault.html(401), "unauthorized", 401, true),
                waits("403 realtime", status(403, "Realtime access denied"), "forbidden", 403, false),
                recovers("401 twice", false, status(401, "Invalid API key"), status(401, "Invalid API key")),
                waits("403 unclear", status(403, "Forbidden"), "forbidden", 403, false),
                waits(
                        "403 code realtime_access_denied",
                        coded(403, "realtime_access_denied", null),
                        "forbidden",
                        403,
                        false),
                rejected("403 multi_character", status(403, "multi_character is not enabled"), "forbidden", 403),
                rejected("403 session, none sent", status(403, "session_forbidden"), "forbidden", 403),
                rejected("403 code session, none sent", coded(403, "session_forbidden", null), "forbidden", 403),
                rejected("402", status(402, "Payment required"), "invalid_request", 402),
                rejected(
                        "404 character",
                        status(404, "Character not found or doesn't belong to user"),
                        "character_not_found",
                        404),
                rejected("404 HTML", Fault.html(404), "character_not_found", 404),
                rejected("404 code", coded(404, "character_not_found", "Not found"), "character_not_found", 404),
                rejected(
                        "404 character, with another row's code",
                        coded(404, "session_not_found", "Character not found"),
                        "character_not_found",
                        404),
                rejected("404 session, none sent", status(404, "Session not found"), "invalid_request", 404),
                rejected("405", status(405), "invalid_request", 405),
                recovers("408 once", false, status(408, "Request timeout")),
                givenUp("408", Fault.html(408), "provider_unavailable", 408, false),
                recovers("425 once", false, status(425, "Too early")),
                recovers("409 once", false, status(409, "shared session conflict")),
                givenUp("409", status(409, "shared_session_conflict"), "session_conflict", 409, false),
                givenUp("409 code", coded(409, "shared_session_conflict", null), "session_conflict", 409, false),
                givenUp("409 HTML", Fault.html(409), "session_conflict", 409, false),
                recovers("409 and 429", false, status(409, "shared_session_conflict"), busy),
                rejected("413", Fault.html(413), "invalid_request", 413),
                rejected(
                        "422",
                        rawStatus(
                                422,
                                "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"body\"],\"msg\":\"m\",\"input\":{}}]}"),
                        "invalid_request",
                        422),
                rejected("429 speaker", status(429, "Maximum number of speakers reached"), "speaker_limit", 429),
                rejected("429 code speaker_limit", coded(429, "speaker_limit", null), "speaker_limit", 429),
                waits("429 plan", status(429, "usage limit exceeded for current plan"), "quota_exhausted", 429, true),
                waits("429 code concurrency_limit", coded(429, "concurrency_limit", null), "provider_busy", 429, true),
                recovers("429 plan once", false, status(429, "usage limit exceeded for current plan")),
                recovers("429 once", false, busy),
                recovers("429 more often than there are attempts", false, busy, busy, busy, busy, busy),
                recovers("429 and 503", false, busy, status(503), Fault.html(502)),
                waits("429", busy, "provider_busy", 429, true),
                waits("429 HTML", Fault.html(429), "provider_busy", 429, true),
                waits("429 with seconds", status(429, "busy").withRetryAfter("0"), "provider_busy", 429, true),
                waits("429 with a date", status(429, "busy").withRetryAfter(httpDate), "provider_busy", 429, true),
                waits("429 with nonsense", status(429, "busy").withRetryAfter("soon"), "provider_busy", 429, true),
                recovers("500 once", false, status(500, "failed to start bot")),
                givenUp("500", status(500, "failed to start bot"), "provider_unavailable", 500, false),
                givenUp("501", status(501), "provider_unavailable", 501, false),
                givenUp("502", Fault.html(502), "provider_unavailable", 502, false),
                givenUp("503", status(503).withRetryAfter("3600"), "provider_unavailable", 503, false),
                givenUp("503 code", coded(503, "database_unavailable", null), "provider_unavailable", 503, false),
                givenUp("504", status(504, "timeout"), "provider_unavailable", 504, false),
                recovers("hang once", true, hang),
                recovers("slow once", true, Fault.delay(Duration.ofSeconds(6), Duration.ofSeconds(6))),
                givenUp("hang", hang, "outcome_unknown", null, true),
                recovers("reset before once", true, Fault.resetBefore()),
                givenUp("reset before", Fault.resetBefore(), "outcome_unknown", null, true),
                recovers("reset after once", true, Fault.resetAfter()),
                givenUp("reset after", Fault.resetAfter(), "outcome_unknown", null, true),
                new Row(
                        "reset, then 404",
                        List.of(Fault.resetAfter(), status(404, "Character not found")),
                        2,
                        "character_not_found",
                        404,
                        false,
                        true,
                        false),
                unusable("200 HTML", Fault.html(200)),
                unusable("200 cut off", Fault.truncatedJson()),
                unusable("200 empty", rawStatus(200, "")),
                unusable("200 null", rawStatus(200, "null")),
                unusable("200 array", rawStatus(200, "[]")),
                unusable("200 without fields", Fault.missingFields()),
                unusable("200 without session_id", Fault.missingFields("session_id")),
                unusable("200 without character_session_id", Fault.missingFields("character_session_id")),
                unusable("200 without room_url", Fault.missingFields("room_url")),
                unusable("200 without room_name", Fault.missingFields("room_name")),
                unusable("200 without token", Fault.missingFields("token")),
                recovers("200 without speaker_id", false),
                unusable("200 with nothing but a session_id", rawStatus(200, "{\"session_id\":\"left-0001\"}")),
                new Row("302", List.of(status(302)), 1, "protocol_error", 302, true, false, false));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void answer_comesToWhatTheContractSays(Row row) {
        Published event = Objects.requireNonNull(PUBLISHED.get(row.name()));
        for (int again = 0; again < 3 && row.untilDeadline() && isCutOff(event); again++) {
            event = publish(row);
        }
        String id = event.id();
        RecordMetadata position = event.position();

        JsonNode reply = WireSchemas.assertReply(serai.replyRecordTo(id).value());

        int calls = serai.connectCalls(event.character()).size();
        assertThat(calls)
                .isGreaterThanOrEqualTo(row.calls())
                .isLessThanOrEqualTo(row.untilDeadline() ? Integer.MAX_VALUE : row.calls());
        assertThat(reply.path("attempts").asInt()).isEqualTo(calls);
        assertThat(reply.path("possible_duplicate_session").asBoolean()).isEqualTo(row.possibleDuplicate());
        assertThat(reply.path("character_id").asText()).isEqualTo(event.character());
        assertThat(reply.path("conversation_key").asText()).isEqualTo(id);
        if (row.category() == null) {
            assertThat(reply.path("status").asText()).isEqualTo("started");
            assertThat(reply.path("continuity").asText()).isEqualTo("new");
            serai.awaitCommitted(position);
            assertThat(serai.deadLettersOf(position)).isEmpty();
        } else {
            JsonNode error = reply.path("error");
            assertThat(error.path("category").asText()).isEqualTo(row.category());
            assertThat(error.path("retryable").asBoolean()).isEqualTo(row.retryable());
            assertThat(
                            error.path("http_status").isNull()
                                    ? null
                                    : error.path("http_status").asInt())
                    .isEqualTo(row.httpStatus());
            ObjectNode added = WireSchemas.assertDeadLetterHeaders(
                    serai.deadLetterOf(position).headers());
            assertThat(added.path("serai-error-category").asText()).isEqualTo(row.category());
            assertThat(added.path("serai-attempts").asInt()).isEqualTo(calls);
            assertThat(added.path("serai-http-status").asText(""))
                    .isEqualTo(row.httpStatus() == null ? "" : row.httpStatus().toString());
            serai.awaitCommitted(position);
            assertThat(serai.deadLettersOf(position)).hasSize(1);
        }
        assertThat(serai.repliesTo(id)).hasSize(1);
    }

    /** Whether a call of it was under way at its deadline: what that comes to is no matter of the provider's answers. */
    private static boolean isCutOff(Published event) {
        JsonNode reply = serai.replyTo(event.id());
        return reply.path("possible_duplicate_session").asBoolean()
                || reply.path("attempts").asInt()
                        > serai.connectCalls(event.character()).size();
    }

    @Test
    void detailOf422_isPassedOnAsItIs() throws IOException {
        String detail =
                "[{\"type\":\"missing\",\"loc\":[\"body\",\"x\"],\"msg\":\"Field required\",\"input\":{\"a\":1}}]";
        serai.standIn().script(FaultScript.once(rawStatus(422, "{\"detail\":" + detail + "}")));

        JsonNode reply = replyTo("{'character_id':'c'}");

        assertThat(reply.at("/error/detail")).isEqualTo(Json.MAPPER.readTree(detail));
    }

    @Test
    void detail_isFoundUnderItsOtherNames() {
        for (String name : List.of("detail", "message", "error")) {
            serai.standIn().script(FaultScript.once(rawStatus(400, "{\"" + name + "\":\"named " + name + "\"}")));

            assertThat(replyTo("{'character_id':'c'}").at("/error/detail").asText())
                    .isEqualTo("named " + name);
        }
    }

    @Test
    void longDetail_isCutBetweenCharacters() {
        for (String start : List.of("", "x")) {
            serai.standIn()
                    .script(FaultScript.once(rawStatus(400, "{\"detail\":\"" + start + "🐪".repeat(3_000) + "\"}")));

            assertThat(replyTo("{'character_id':'c'}").at("/error/detail").asText())
                    .startsWith(start + "🐪🐪")
                    .hasSizeLessThan(1_100);
        }
    }

    static Stream<String> minutes() {
        return Stream.of(
                "60",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        Instant.now().plusSeconds(60).atOffset(ZoneOffset.UTC)));
    }

    @ParameterizedTest
    @MethodSource("minutes")
    void retryAfter_isWaitedFor(String header) {
        once(status(503).withRetryAfter(header));

        replyTo(event());

        List<RecordedCall> calls = serai.connectCalls(character);
        assertThat(Duration.between(calls.get(0).receivedAt(), calls.get(1).receivedAt()))
                .isBetween(serai.settings().connect().maxRetryAfter(), Duration.ofSeconds(30));
    }

    static Stream<Fault> sessionGone() {
        return Stream.of(
                status(400, "Invalid character_session_id"),
                status(400, "invalid session id"),
                status(400, "Invalid session_id"),
                status(400, "invalid uuid"),
                status(400, "Invalid UUID format"),
                status(403, "session_forbidden"),
                status(403, "Session does not belong to user"),
                coded(403, "session_forbidden", "Forbidden"),
                status(404, "Session not found"),
                status(404, "session_not_found"),
                coded(404, "session_not_found", null));
    }

    @ParameterizedTest
    @MethodSource("sessionGone")
    void rememberedSessionThatIsGone_isLeftOut(Fault gone) {
        JsonNode first = reply(key, event());
        once(gone);

        JsonNode second = reply(key, event());
        JsonNode third = reply(key, event());

        assertThat(second.path("status").asText()).isEqualTo("started");
        assertThat(second.path("continuity").asText()).isEqualTo("restarted");
        assertThat(second.path("attempts").asInt()).isEqualTo(2);
        assertThat(second.path("possible_duplicate_session").asBoolean()).isFalse();
        assertThat(second.path("character_session_id")).isNotEqualTo(first.path("character_session_id"));
        assertThat(third.path("continuity").asText()).isEqualTo("resumed");
        assertThat(third.path("character_session_id")).isEqualTo(second.path("character_session_id"));
        List<RecordedCall> calls = serai.connectCalls(character);
        assertThat(calls).hasSize(4);
        assertThat(body(calls.get(1)).path("character_session_id")).isEqualTo(first.path("character_session_id"));
        assertThat(body(calls.get(2)).has("character_session_id")).isFalse();
    }

    @Test
    void roomThatComesAfterTheDeadline_isNotPublished() {
        once(Fault.delay(Duration.ofMillis(400), Duration.ofMillis(400)));

        // The first call of a process takes longer than this event has time.
        replyTo("{'character_id':'c'}");
        double wasted = wastedSessions();

        JsonNode reply = replyTo("{'character_id':'" + character + "','ttl_ms':300}");

        assertThat(wastedSessions() - wasted).isEqualTo(1);
        assertThat(reply.at("/error/category").asText()).isEqualTo("expired");
        assertThat(reply.at("/error/detail").asText()).containsPattern("passed \\d+ m?s ago");
        assertThat(reply.path("possible_duplicate_session").asBoolean()).isTrue();
        assertThat(serai.connectCalls(character)).hasSize(1);
    }

    private static double wastedSessions() {
        return serai.meters().get("serai.possible.duplicate.sessions").counter().count();
    }

    @Test
    void unknownOutcome_isRejected_ifTheSettingSaysSo() {
        try (RunningSerai alone = new RunningSerai(Map.of("serai.connect.on-unknown-outcome", "reject"))) {
            alone.standIn().script(FaultScript.once(Fault.resetAfter()));
            alone.publish("key", "{\"event_id\":\"unknown\",\"character_id\":\"c\"}");

            JsonNode reply =
                    WireSchemas.assertReply(alone.replyRecordTo("unknown").value());

            assertThat(reply.at("/error/category").asText()).isEqualTo("outcome_unknown");
            assertThat(reply.path("possible_duplicate_session").asBoolean()).isTrue();
            assertThat(alone.connectCalls("c")).hasSize(1);
        }
    }

    @Test
    void rememberedSessionThatIsGone_leavesAllAttempts() {
        reply(key, event());
        once(status(400, "Invalid character_session_id"));
        serai.standIn().script(FaultScript.times(MAX_ATTEMPTS, status(500)).forCharacter(character));

        JsonNode reply = reply(key, event());

        assertThat(reply.at("/error/category").asText()).isEqualTo("provider_unavailable");
        assertThat(reply.path("attempts").asInt()).isEqualTo(1 + MAX_ATTEMPTS);
    }

    @ParameterizedTest
    @MethodSource("sessionGone")
    void sessionOfTheEventThatIsGone_isInvalid(Fault gone) {
        once(gone);

        JsonNode reply = replyTo("{'character_id':'" + character + "','character_session_id':'gone'}");

        assertThat(reply.at("/error/category").asText()).isEqualTo("session_invalid");
        assertThat(reply.at("/error/retryable").asBoolean()).isFalse();
        assertThat(serai.connectCalls(character)).hasSize(1);
        assertThat(serai.service().gate("default").status().hold()).isNull();
    }

    static Stream<Fault> unclear() {
        return Stream.of(status(403, "Forbidden"), status(403), Fault.html(403));
    }

    @ParameterizedTest
    @MethodSource("unclear")
    void unclearRefusalOfARememberedSession_isTriedWithoutIt(Fault unclear) {
        reply(key, event());
        once(unclear);

        JsonNode second = reply(key, event());
        JsonNode third = reply(key, event());

        assertThat(second.path("continuity").asText()).isEqualTo("restarted");
        assertThat(second.path("attempts").asInt()).isEqualTo(2);
        assertThat(third.path("continuity").asText()).isEqualTo("resumed");
        assertThat(third.path("character_session_id")).isEqualTo(second.path("character_session_id"));
    }

    /** The room that shows that the account is not refused is nobody's: the event asked for another one. */
    @ParameterizedTest
    @MethodSource("unclear")
    void unclearRefusalOfASessionOfTheEvent_isTriedWithoutIt_andTheSessionIsInvalid(Fault unclear) {
        once(unclear);
        double wasted = wastedSessions();

        JsonNode reply = replyTo("{'character_id':'" + character + "','character_session_id':'foreign'}");

        assertThat(reply.at("/error/category").asText()).isEqualTo("session_invalid");
        assertThat(reply.at("/error/http_status").asInt()).isEqualTo(403);
        assertThat(reply.path("possible_duplicate_session").asBoolean()).isTrue();
        assertThat(serai.connectCalls(character)).hasSize(2);
        assertThat(body(serai.connectCalls(character).get(1)).has("character_session_id"))
                .isFalse();
        assertThat(wastedSessions() - wasted).isEqualTo(1);
    }

    /** The account itself was refused: the session is not to blame, and goes on when the account is good again. */
    @Test
    void unclearRefusalThatStaysWithoutTheSession_isTheAccounts_andTheSessionIsKept() {
        JsonNode first = reply(key, event());
        serai.standIn().script(FaultScript.times(2, status(403, "Forbidden")).forCharacter(character));

        JsonNode second = reply(key, event());

        assertThat(second.path("continuity").asText()).isEqualTo("resumed");
        assertThat(second.path("character_session_id")).isEqualTo(first.path("character_session_id"));
        List<RecordedCall> calls = serai.connectCalls(character);
        assertThat(calls).hasSize(4);
        assertThat(calls.stream().map(call -> body(call).has("character_session_id")))
                .containsExactly(false, true, false, true);
    }

    @Test
    void roomOfAWebsocket_isARoom() throws IOException {
        String answer =
                Incoming.json("{'session_id':'5f0c7a52-5ff0-4b6c-9a53-6a6f4e5d3c21','character_session_id':'cs',"
                        + "'room_url':'wss://live.example/chat?session_id=5f0c7a52-5ff0-4b6c-9a53-6a6f4e5d3c21','room_name':null,"
                        + "'token':'','speaker_id':null}");
        serai.standIn().script(FaultScript.once(rawStatus(200, answer)));

        JsonNode reply = replyTo("{'character_id':'c','connect_options':{'transport':'websocket'}}");

        assertThat(reply.path("status").asText()).isEqualTo("started");
        JsonNode sent = Json.MAPPER.readTree(answer);
        for (String field : List.of("session_id", "room_url", "room_name", "token")) {
            assertThat(reply.get(field)).as(field).isEqualTo(sent.get(field));
        }
    }

    @Test
    void traceOfTheRequest_isInTheFailedReply() {
        serai.standIn()
                .script(FaultScript.once(rawStatus(400, "{\"detail\":\"no\",\"request_trace_id\":\"req_0a1b2c\"}")));
        assertThat(replyTo("{'character_id':'c'}").at("/error/request_trace_id").asText())
                .isEqualTo("req_0a1b2c");

        serai.standIn()
                .script(FaultScript.once(rawStatus(400, "{\"detail\":\"no\",\"request_trace_id\":\"two words\\n\"}")));
        assertThat(replyTo("{'character_id':'c'}").path("error").has("request_trace_id"))
                .isFalse();
    }

    @Test
    void metadataOfNobody_isNotedInTheReply() {
        assertThat(replyTo("{'character_id':'c','end_user_metadata':{'name':'Ada'}}")
                        .at("/ignored/0")
                        .asText())
                .startsWith("end_user_metadata: ")
                .contains("end_user_id")
                .doesNotContain("Ada");
        assertThat(replyTo("{'character_id':'c','end_user_id':'u','end_user_metadata':{'name':'Ada'}}")
                        .has("ignored"))
                .isFalse();
    }

    /** What was never sent is no event's fault: it is not for its attempts to end it. */
    @Test
    void providerThatRefusesConnections_isWaitedFor_andLeavesNoSession() {
        try (RunningSerai alone = new RunningSerai(
                Map.of(),
                backends ->
                        RunningSerai.withProvider(backends, URI.create("http://127.0.0.1:1"), RunningSerai.API_KEY))) {
            RecordMetadata position =
                    alone.publish("key", "{\"event_id\":\"refused\",\"character_id\":\"c\",\"ttl_ms\":3000}");

            JsonNode reply =
                    WireSchemas.assertReply(alone.replyRecordTo("refused").value());

            assertThat(reply.at("/error/category").asText()).isEqualTo("provider_unavailable");
            assertThat(reply.at("/error/detail").asText())
                    .contains("nothing was sent")
                    .contains("until the deadline");
            assertThat(reply.at("/error/http_status").isNull()).isTrue();
            assertThat(reply.path("attempts").asInt()).isGreaterThan(MAX_ATTEMPTS);
            assertThat(reply.path("possible_duplicate_session").asBoolean()).isFalse();
            WireSchemas.assertDeadLetterHeaders(alone.deadLetterOf(position).headers());
        }
    }

    @Test
    void smallestRequest_holdsNothingElse() throws IOException {
        serai.publish(null, Incoming.json("{'event_id':'least','character_id':'" + character + "'}"));
        serai.replyTo("least");

        assertThat(body(serai.connectCalls(character).getFirst()))
                .isEqualTo(Json.MAPPER.readTree(
                        Incoming.json("{'character_id':'" + character + "','connection_type':'audio'}")));
    }

    @Test
    void fullRequest_holdsWhatTheEventSays() throws IOException {
        JsonNode session = replyTo(event()).path("character_session_id");
        String contract = "'connection_type':'video','speaker_id':'s','end_user_id':'u','end_user_metadata':{'a':[1]},"
                + "'scene_description':[{'name':'n','description':'d'}],"
                + "'dynamic_info':{'text':'t','static_text':'st','keep_in_context':true},";
        String options =
                "'llm_provider':'dynamic','default_tts_enabled':true,'emotion_config':{'provider':'llm','x':0.33},"
                        + "'blendshape_config':{'output_fps':90},'transport':'livekit','debug':false,'max_num_participants':2";

        replyTo("{'character_id':'" + character + "'," + contract + "'character_session_id':" + session
                + ",'context_ref':'nobody','tenant':'default','continuity':'resume','ttl_ms':60000,'unknown':1,"
                + "'connect_options':{" + options + "}}");

        assertThat(body(serai.connectCalls(character).getLast()))
                .isEqualTo(Json.MAPPER.readTree(Incoming.json("{'character_id':'" + character + "'," + contract
                        + "'character_session_id':" + session + "," + options + "}")));
    }

    @Test
    void headersOfTheRequest_areTheClientsOwnAndNoneOfTheEvents() {
        List<String> names = List.of(
                "Authorization",
                "X-API-Key",
                "Cookie",
                "Host",
                "Content-Type",
                "Content-Length",
                "Transfer-Encoding",
                "Retry-After",
                "CamelHttpUri",
                "CamelHttpPath",
                "CamelHttpQuery",
                "CamelHttpRawQuery",
                "CamelHttpMethod",
                "CamelHttpProtocolVersion",
                "CamelRestHttpUri",
                "traceparent",
                "kafka.KEY",
                "x-event");
        List<Header> headers = new ArrayList<>();
        names.forEach(
                name -> headers.add(new RecordHeader(name, "http://evil.example".getBytes(StandardCharsets.UTF_8))));

        serai.publish(
                "key",
                Incoming.json("{'event_id':'evil','character_id':'" + character + "'}"),
                headers.toArray(Header[]::new));

        assertThat(serai.replyTo("evil").path("status").asText()).isEqualTo("started");
        RecordedCall call = serai.connectCalls(character).getFirst();
        assertThat(call.method()).isEqualTo("POST");
        assertThat(call.path()).isEqualTo("/connect");
        assertThat(call.headers().keySet())
                .map(name -> name.toLowerCase(Locale.ROOT))
                .containsExactlyInAnyOrder(
                        "x-api-key", "content-type", "host", "content-length", "user-agent", "connection");
        assertThat(call.header("content-type")).contains("application/json");
        assertThat(call.header("host")).contains(serai.standIn().baseUrl().getAuthority());
        assertThat(call.headers().toString()).doesNotContain("evil");
        assertThat(call.headers().values()).as("each once").allMatch(values -> values.size() == 1);
    }

    @Test
    void allOfTheAnswer_isPassedOn() throws IOException {
        String answer = Incoming.json(
                "{'session_id':'s','character_session_id':'cs','room_url':'ws://r','room_name':'',"
                        + "'token':'','speaker_id':null,'request_trace_id':'trace','end_user_metadata':{'n':null,'deep':[{'x':1.5}]},"
                        + "'room_session_id':'rs','characters':[{'character_id':'x'}],'big':12345678901234567890,'text':'ünï 🐪'}");
        once(rawStatus(200, answer));

        JsonNode reply = replyTo(event());

        ObjectNode sent = (ObjectNode) Json.MAPPER.readTree(answer);
        sent.properties()
                .forEach(field ->
                        assertThat(reply.get(field.getKey())).as(field.getKey()).isEqualTo(field.getValue()));
        assertThat(reply.path("expires_at").isNull()).isTrue();
    }

    @Test
    void fieldsOfOurOwn_cannotBeReplacedByTheAnswers() {
        String answer =
                Incoming.json("{'session_id':'s','character_session_id':'cs','room_url':'ws://r','room_name':'',"
                        + "'token':'','speaker_id':null,'status':'failed','event_id':'other','attempts':99,'error':{'category':'x'},"
                        + "'expires_at':'never','continuity':'resumed','schema_version':7,'conversation_key':'other'}");
        once(rawStatus(200, answer));

        JsonNode reply = replyTo(event());

        assertThat(reply.path("status").asText()).isEqualTo("started");
        assertThat(reply.path("attempts").asInt()).isEqualTo(1);
        assertThat(reply.path("continuity").asText()).isEqualTo("new");
        assertThat(reply.path("expires_at").isNull()).isTrue();
    }

    @Test
    void expiryOfTheToken_isTheReplys() {
        JsonNode reply = replyTo("{'character_id':'c'}");

        Instant expires = Instant.parse(reply.path("expires_at").asText());
        assertThat(expires)
                .isBetween(Instant.now().plusSeconds(3_000), Instant.now().plusSeconds(4_000));
    }

    /** What the next call for the test's own character is answered. */
    private void once(Fault fault) {
        serai.standIn().script(FaultScript.once(fault).forCharacter(character));
    }

    /** For the test's own character. */
    private String event() {
        return "{'character_id':'" + character + "'}";
    }

    private static JsonNode replyTo(String event) {
        return reply(UUID.randomUUID().toString(), event);
    }

    /** Publishes an event under an id of its own, and checks the reply. */
    private static JsonNode reply(String key, String event) {
        String id = UUID.randomUUID().toString();
        serai.publish(key, Incoming.json("{'event_id':'" + id + "'," + event.substring(1)));
        return WireSchemas.assertReply(serai.replyRecordTo(id).value());
    }

    private static JsonNode body(RecordedCall call) {
        try {
            return Json.MAPPER.readTree(call.body());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
