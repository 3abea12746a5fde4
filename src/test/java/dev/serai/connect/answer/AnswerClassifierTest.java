package dev.serai.connect.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.connect.answer.CallOutcome.Busy;
import dev.serai.connect.answer.CallOutcome.Conflict;
import dev.serai.connect.answer.CallOutcome.Connected;
import dev.serai.connect.answer.CallOutcome.CredentialsRefused;
import dev.serai.connect.answer.CallOutcome.ProtocolError;
import dev.serai.connect.answer.CallOutcome.QuotaExhausted;
import dev.serai.connect.answer.CallOutcome.Rejected;
import dev.serai.connect.answer.CallOutcome.SessionDoubted;
import dev.serai.connect.answer.CallOutcome.SessionGone;
import dev.serai.connect.answer.CallOutcome.Unavailable;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import dev.serai.wire.Json;
import dev.serai.wire.SampleRecords;
import dev.serai.wire.Secrets;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 5 of the contract. */
@Timeout(120)
class AnswerClassifierTest {
    private static final String API_KEY = "the-key-of/the account";
    private static final AnswerClassifier CLASSIFIER = withKey(API_KEY);

    private static AnswerClassifier withKey(String apiKey) {
        return new AnswerClassifier(
                new RetryAfter(
                        Clock.fixed(Instant.parse("2026-01-31T10:00:00Z"), ZoneOffset.UTC), Duration.ofSeconds(60)),
                () -> apiKey);
    }

    private static CallOutcome classify(int status, String singleQuotedBody) {
        return CLASSIFIER.classify(status, null, SampleRecords.utf8(singleQuotedBody.replace('\'', '"')));
    }

    private static CallOutcome classify(int status, JsonNode body) {
        return CLASSIFIER.classify(status, null, Json.bytes(body));
    }

    /** What outcomes of errors have in common, or null for a status that one has not. */
    private static JsonNode detail(CallOutcome outcome) {
        return switch (outcome) {
            case Rejected rejected -> rejected.failure().detail();
            case CredentialsRefused refused -> refused.failure().detail();
            case SessionGone gone -> gone.detail();
            case Busy busy -> busy.detail();
            case Unavailable unavailable -> unavailable.detail();
            case Conflict conflict -> conflict.detail();
            default -> throw new AssertionError("no error answer: " + outcome);
        };
    }

    private static Rejected rejected(ErrorCategory category, int status, String detail) {
        return new Rejected(new Failure(category, status, TextNode.valueOf(detail)));
    }

    private static CredentialsRefused refused(ErrorCategory category, int status, String detail) {
        return new CredentialsRefused(new Failure(category, status, TextNode.valueOf(detail)));
    }

    private static byte[] withDetail(String detail) {
        return Json.bytes(Json.MAPPER.createObjectNode().put("detail", detail));
    }

    private static Arguments gone(int status, String detail) {
        return arguments(status, detail, new SessionGone(status, text(detail)));
    }

    private static Arguments rejects(int status, String detail, ErrorCategory category) {
        return arguments(status, detail, rejected(category, status, detail));
    }

    private static Arguments refuses(int status, String detail, ErrorCategory category) {
        return arguments(status, detail, refused(category, status, detail));
    }

    private static Arguments unavailable(int status, String detail) {
        return arguments(status, detail, new Unavailable(status, text(detail), null));
    }

    private static Arguments busy(String detail) {
        return arguments(429, detail, new Busy(429, text(detail), null));
    }

    private static Arguments exhausted(String detail) {
        return arguments(
                429, detail, new QuotaExhausted(new Failure(ErrorCategory.QUOTA_EXHAUSTED, 429, text(detail))));
    }

    static Stream<Arguments> rows() {
        String character = "Character not found or doesn't belong to user";
        return Stream.of(
                gone(400, "Invalid character_session_id"),
                gone(400, "INVALID Character_Session_ID!"),
                rejects(400, "Missing end_user_id. It is required", ErrorCategory.INVALID_REQUEST),
                rejects(400, "no such session", ErrorCategory.INVALID_REQUEST),
                refuses(401, "Invalid API key", ErrorCategory.UNAUTHORIZED),
                refuses(401, "session", ErrorCategory.UNAUTHORIZED),
                refuses(403, "realtime access denied", ErrorCategory.FORBIDDEN),
                rejects(403, "the plan lacks multi_character", ErrorCategory.FORBIDDEN),
                rejects(404, character, ErrorCategory.CHARACTER_NOT_FOUND),
                gone(404, "Session not found"),
                unavailable(408, "Request timeout"),
                unavailable(425, "Too early"),
                arguments(409, "shared session conflict", new Conflict(409, text("shared session conflict"), null)),
                rejects(422, "wrong", ErrorCategory.INVALID_REQUEST),
                rejects(429, "Speaker limit reached", ErrorCategory.SPEAKER_LIMIT),
                exhausted("usage limit exceeded for current plan"),
                exhausted("Monthly Quota used up"),
                busy("quota of requests per minute"),
                busy("concurrent session quota reached"),
                gone(400, "invalid session id"),
                gone(400, "Invalid session_id"),
                gone(400, "invalid uuid"),
                gone(400, "Invalid UUID format"),
                busy("too many sessions"),
                unavailable(500, "failed to start bot"),
                unavailable(500, "speaker session"),
                unavailable(502, "bad gateway"),
                unavailable(503, "down"),
                unavailable(504, "late"),
                unavailable(599, "odd"),
                rejects(402, "pay", ErrorCategory.INVALID_REQUEST),
                rejects(405, "no POST", ErrorCategory.INVALID_REQUEST),
                rejects(413, "too long", ErrorCategory.INVALID_REQUEST),
                rejects(499, "closed", ErrorCategory.INVALID_REQUEST),
                rejects(301, "moved", ErrorCategory.PROTOCOL_ERROR),
                rejects(307, "moved", ErrorCategory.PROTOCOL_ERROR),
                rejects(101, "switch", ErrorCategory.PROTOCOL_ERROR));
    }

    /** Whoever may publish can name any session: that must not close the gate of a whole tenant. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "session_forbidden",
                "This character_session_id belongs to another account",
                "Session does not belong to user",
                "You do not have access to this session"
            })
    void sessionOfAnotherAccount_isASessionThatIsGone_andNoRefusedKey(String detail) {
        byte[] body = withDetail(detail);

        for (boolean named : new boolean[] {true, false}) {
            assertThat(CLASSIFIER.read(403, null, body, named).outcome()).isEqualTo(new SessionGone(403, text(detail)));
        }
    }

    /** A session that was sent may be what it is about; where none was, it is the account. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            Forbidden                | false
            <html>                   | false
            Access denied            | false
            No access to sessions    | true
            """)
    void unclearRefusal_isDoubtedOnlyIfASessionWasNamed(String detail, boolean saysSession) {
        byte[] body = withDetail(detail);

        assertThat(CLASSIFIER.read(403, null, body, true).outcome())
                .isEqualTo(
                        saysSession
                                ? new SessionGone(403, text(detail))
                                : new SessionDoubted(new Failure(ErrorCategory.FORBIDDEN, 403, text(detail))));
        assertThat(CLASSIFIER.classify(403, null, body)).isEqualTo(refused(ErrorCategory.FORBIDDEN, 403, detail));
    }

    static Stream<Arguments> hints() {
        String gone = "session_gone";
        String busy = "busy";
        return Stream.of(
                arguments(400, "missing_end_user_id", null, "rejected"),
                arguments(400, "invalid_session_id", "Bad request", gone),
                arguments(400, "session_not_found", "Missing end_user_id", "rejected"),
                arguments(401, "session_not_found", null, "credentials_refused"),
                arguments(403, "session_forbidden", "Forbidden", gone),
                arguments(403, "session_forbidden", "Realtime access denied", "credentials_refused"),
                arguments(403, "realtime_access_denied", "Forbidden", "credentials_refused"),
                arguments(403, "realtime_access_denied", "This session is another account's", gone),
                arguments(403, "multi_character_forbidden", null, "rejected"),
                arguments(403, "character_not_found", null, "session_doubted"),
                arguments(404, "session_not_found", "Not found", gone),
                arguments(404, "session_not_found", "Character not found", "rejected"),
                arguments(404, "character_not_found", "Session not found", gone),
                arguments(429, "usage_limit_exceeded", null, "quota_exhausted"),
                arguments(429, "monthly_quota", "Too many requests", "quota_exhausted"),
                arguments(429, "usage_limit_exceeded", "Concurrency limit reached", busy),
                arguments(429, "concurrency_limit", "usage limit exceeded for current plan", "quota_exhausted"),
                arguments(429, "speaker_limit", null, "rejected"),
                arguments(429, "session_not_found", null, busy),
                arguments(429, "7", null, busy),
                arguments(500, "session_not_found", null, "unavailable"),
                arguments(503, "database_unavailable", null, "unavailable"));
    }

    /** The documentation's labels are for logs: one decides only what nothing else does. */
    @ParameterizedTest
    @MethodSource("hints")
    void errorCode_isOnlyAHint(int status, String code, @Nullable String detail, String label) {
        for (String written : List.of(code, code.toUpperCase(Locale.ROOT))) {
            ObjectNode body = Json.MAPPER.createObjectNode().put("error_code", written);
            if (detail != null) {
                body.put("detail", detail);
            }

            assertThat(CLASSIFIER.read(status, null, Json.bytes(body), true).outcome())
                    .extracting(CallOutcome::label)
                    .isEqualTo(label);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "null", "[]", "{}", "''", "'no_such_label'"})
    void errorCodeThatSaysNothing_changesNothing(String code) {
        assertThat(classify(404, "{'error_code':" + code + ",'detail':'Not here'}"))
                .isEqualTo(rejected(ErrorCategory.CHARACTER_NOT_FOUND, 404, "Not here"));
    }

    /** Of what only {@code connect_options} name: the remembered session has no part in it. */
    @ParameterizedTest
    @CsvSource({
        "400, Invalid room_session_id, INVALID_REQUEST",
        "400, Invalid shared_session_key, INVALID_REQUEST",
        "403, room_session_id of another account, FORBIDDEN",
        "404, No room with this shared_session_key, INVALID_REQUEST",
        "404, room session not found, INVALID_REQUEST"
    })
    void sessionOfARoom_isTheRequests(int status, String detail, ErrorCategory category) {
        byte[] body = withDetail(detail);

        assertThat(CLASSIFIER.read(status, null, body, true).outcome()).isEqualTo(rejected(category, status, detail));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            "req_0a1b2c"                           | req_0a1b2c
            "7d4a.b:c-9"                           | 7d4a.b:c-9
            "two words"                            | -
            ""                                     | -
            7                                      | 7
            null                                   | -
            ["req_1"]                              | -
            "eyJhbGci.eyJzdWIi.c2ln"               | -
            """)
    void traceOfTheRequest_isReadIfItIsOne(String written, @Nullable String id) {
        byte[] body = SampleRecords.utf8("{\"detail\":\"no\",\"request_trace_id\":" + written + "}");
        for (int status : new int[] {200, 400, 503}) {
            assertThat(CLASSIFIER.read(status, null, body, false).requestTraceId())
                    .isEqualTo(id);
        }
        assertThat(withKey("req_0a1b2c").read(400, null, body, false).requestTraceId())
                .isEqualTo("req_0a1b2c".equals(id) ? null : id);
    }

    @Test
    void sessionsOfAnUnusableAnswer_areThereToBeEnded_andNotToBeSeen() {
        ProtocolError error = (ProtocolError) classify(
                200,
                "{'session_id':'left-1','characters':[{'session_id':'left-2'},{'session_id':'left-1'},{'session_id':7},"
                        + "'x',{}],'token':'t'}");

        assertThat(error.unusableSessions()).containsExactly(new SessionId("left-1"), new SessionId("left-2"));
        assertThat(error.toString()).contains("masked").doesNotContain("left-");
        assertThat(((ProtocolError) classify(200, "{'session_id':' ','characters':{}}")).unusableSessions())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"realtime_access_denied", "realtime sessions are not part of this plan"})
    void accessThatIsDenied_isARefusedKey_whateverWasSent(String detail) {
        byte[] body = withDetail(detail);

        for (boolean named : new boolean[] {true, false}) {
            assertThat(CLASSIFIER.read(403, null, body, named).outcome())
                    .isEqualTo(refused(ErrorCategory.FORBIDDEN, 403, detail));
        }
    }

    private static JsonNode text(String text) {
        return TextNode.valueOf(text);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void errorAnswer_meansWhatItsRowSays(int status, String detail, CallOutcome outcome) {
        for (String field : List.of("detail", "message", "error")) {
            assertThat(classify(status, Json.MAPPER.createObjectNode().put(field, detail)))
                    .as(field)
                    .isEqualTo(outcome);
        }
    }

    @Test
    void detail_winsOverMessageAndError() {
        assertThat(detail(classify(500, "{'error':'c','message':'b','detail':'a'}")))
                .isEqualTo(text("a"));
        assertThat(detail(classify(500, "{'error':'c','message':'b','detail':null}")))
                .isEqualTo(text("b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "<html><body>502 Bad Gateway: session, speaker, multi_character, character_session_id</body></html>",
                "{'detail':'cut o",
                "{}",
                "[]",
                "'session speaker multi_character character_session_id'",
                "null",
                "{'detail':null}",
                "{'details':'session'}"
            })
    void answerWithoutDetail_isReadByItsStatusAlone(String body) {
        for (int status : new int[] {400, 401, 403, 404, 429, 502}) {
            CallOutcome outcome = classify(status, body);

            assertThat(detail(outcome)).isEqualTo(text("the provider answered " + status + " without a detail"));
            assertThat(outcome)
                    .isInstanceOf(
                            switch (status) {
                                case 400, 404 -> Rejected.class;
                                case 401, 403 -> CredentialsRefused.class;
                                case 429 -> Busy.class;
                                default -> Unavailable.class;
                            });
        }
    }

    @Test
    void answerThatIsNoUtf8_isReadAsFarAsItGoes() {
        byte[] body = "{\"detail\":\"caf\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(detail(CLASSIFIER.classify(500, null, body))).isEqualTo(text("caf\uFFFD"));
    }

    @Test
    void arrayOf422_isKept() {
        ObjectNode body = SampleRecords.json("{'detail':[{'type':'missing','loc':['body','character_id'],"
                + "'msg':'Field required','input':{'connection_type':'audio'}}]}");

        assertThat(classify(422, body))
                .isEqualTo(new Rejected(new Failure(ErrorCategory.INVALID_REQUEST, 422, body.get("detail"))));
    }

    @Test
    void arrayOf422_withSecrets_isKeptMasked() {
        ObjectNode body = SampleRecords.json("{'detail':[{'msg':'bad','input':{'token':'secret'},'loc':['token']}]}");

        assertThat(detail(classify(422, body)))
                .isEqualTo(SampleRecords.json("{'detail':[{'msg':'bad','input':{'token':'[masked]'},'loc':['token']}]}")
                        .get("detail"));
    }

    @Test
    void arrayOf422_thatIsTooLong_isCutText() {
        ArrayNode array = Json.MAPPER.createArrayNode();
        for (int i = 0; i < 100; i++) {
            array.addObject().put("msg", "Field required");
        }

        assertThat(detail(classify(422, Json.MAPPER.createObjectNode().set("detail", array)))
                        .textValue())
                .startsWith("[{\"msg\":\"Field required\"}")
                .endsWith(" more characters)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"detail":{"code":7}} | {"code":7}
            {"detail":7}          | 7
            {"detail":true}       | true
            """)
    void detailOfAnotherType_isText(String body, String expected) {
        assertThat(detail(classify(500, body))).isEqualTo(text(expected));
    }

    /** In an object, too, the words count. */
    @Test
    void detailThatIsAnObject_isStillClassified() {
        assertThat(classify(404, "{'detail':{'code':'SESSION_NOT_FOUND'}}")).isInstanceOf(SessionGone.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            bad token=secret here                  | bad token=[masked] here
            X-API-Key: secret                      | X-API-Key: [masked]
            Invalid API key: secret                | Invalid API key: [masked]
            jwt eyJhbGci.eyJzdWIi.c2ln             | jwt [masked]
            session_id: secret                     | session_id: [masked]
            """)
    void secretsInADetail_areMasked(String detail, String masked) {
        for (int status : new int[] {302, 400, 401, 403, 404, 409, 418, 422, 429, 500, 503}) {
            ObjectNode body = Json.MAPPER.createObjectNode().put("detail", detail);

            assertThat(detail(classify(status, body))).isEqualTo(text(masked));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"detail":"no account for the-key-of/the account"}            | no account for [masked]
            {"detail":"no account for the-key-of\\/the\\u0020account"}    | no account for [masked]
            {"detail":{"key":["the-key-of/the account"],"why":"unknown"}} | {"key":["[masked]"],"why":"unknown"}
            """)
    void apiKeyInADetail_isMasked(String body, String masked) {
        assertThat(detail(CLASSIFIER.classify(401, null, SampleRecords.utf8(body))))
                .isEqualTo(text(masked));
    }

    /** Keys of which parts of every answer consist. */
    @ParameterizedTest
    @ValueSource(strings = {"", "detail", "\"", "{"})
    void oddApiKey_leavesTheAnswerReadable(String apiKey) {
        assertThat(detail(withKey(apiKey).classify(404, null, SampleRecords.utf8("{\"detail\":\"no session\"}"))))
                .isEqualTo(text("no session"));
    }

    @Test
    void longDetail_isCut() {
        ObjectNode body = Json.MAPPER.createObjectNode().put("detail", "x".repeat(5_000));

        assertThat(detail(classify(500, body)))
                .isEqualTo(text("x".repeat(Secrets.MAX_DETAIL_LENGTH) + "… (4000 more characters)"));
    }

    @Test
    void hugeErrorAnswer_isNotRead() {
        ObjectNode body = Json.MAPPER.createObjectNode().put("detail", "x".repeat(AnswerClassifier.MAX_BODY_BYTES));

        assertThat(detail(classify(500, body))).isEqualTo(text("the provider answered 500 without a detail"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            7                             | PT7S
            3600                          | PT1M
            Sat, 31 Jan 2026 10:00:20 GMT | PT20S
            Sat, 31 Jan 2026 09:00:00 GMT | PT0S
            soon                          | -
            -                             | -
            """)
    void retryAfter_isReadWhereItCanHelp(@Nullable String header, @Nullable Duration pause) {
        byte[] body = SampleRecords.utf8("{\"detail\":\"later\"}");

        assertThat(CLASSIFIER.classify(429, header, body)).isEqualTo(new Busy(429, text("later"), pause));
        assertThat(CLASSIFIER.classify(409, header, body)).isEqualTo(new Conflict(409, text("later"), pause));
        for (int status : new int[] {408, 425, 500, 502, 503, 504}) {
            assertThat(CLASSIFIER.classify(status, header, body))
                    .isEqualTo(new Unavailable(status, text("later"), pause));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 299})
    void completeAnswer_isASession(int status) {
        assertThat(classify(status, SampleRecords.answer()))
                .isInstanceOfSatisfying(
                        Connected.class,
                        connected -> assertThat(connected.answer().fields()).isEqualTo(SampleRecords.answer()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"session_id", "character_session_id", "room_url", "room_name", "token"})
    void answerWithoutARequiredField_isAProtocolError(String field) {
        ObjectNode answer = SampleRecords.answer();
        answer.remove(field);
        assertThat(classify(200, answer)).isEqualTo(unusable(answer, field + " is missing or not text"));

        answer.putNull(field);
        assertThat(classify(200, answer)).isEqualTo(unusable(answer, field + " is missing or not text"));

        answer.putArray(field).add("secret");
        assertThat(classify(200, answer)).isEqualTo(unusable(answer, field + " is missing or not text"));
    }

    private static ProtocolError unusable(JsonNode answer, String problem) {
        String session = answer.path("session_id").textValue();
        return new ProtocolError(
                200,
                "unusable answer: " + problem,
                session == null || session.isBlank() ? List.of() : List.of(new SessionId(session)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"session_id", "character_session_id", "room_url"})
    void answerWithAnEmptyField_isAProtocolError(String field) {
        ObjectNode answer = SampleRecords.answer().put(field, " ");

        assertThat(classify(200, answer)).isEqualTo(unusable(answer, field + " is empty"));
    }

    /** Other transports than LiveKit need neither. */
    @Test
    void emptyRoomNameAndToken_areASession() {
        assertThat(classify(200, SampleRecords.answer().put("room_name", "").put("token", "")))
                .isInstanceOf(Connected.class);
        assertThat(classify(200, SampleRecords.answer().putNull("room_name").put("token", "")))
                .isInstanceOf(Connected.class);
    }

    @Test
    void severalProblems_areAllNamed() {
        assertThat(classify(200, "{'room_url':7,'speaker_id':7}"))
                .isEqualTo(unusable(
                        Json.MAPPER.createObjectNode(),
                        "session_id is missing or not text, character_session_id is missing or not text,"
                                + " room_url is missing or not text, room_name is missing or not text,"
                                + " token is missing or not text, speaker_id is neither text nor null"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"rooms.example", "ftp://rooms.example", "wss://", "javascript:alert(1)", " wss://r.example"})
    void roomUrlThatIsNone_isAProtocolError(String url) {
        ObjectNode answer = SampleRecords.answer().put("room_url", url);

        assertThat(classify(200, answer)).isEqualTo(unusable(answer, "room_url is no ws, wss, http or https URL"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"wss://r", "ws://r", "http://r", "https://r:7880/x?y=z", "WSS://R"})
    void roomUrlOfEveryScheme_isASession(String url) {
        assertThat(classify(200, SampleRecords.answer().put("room_url", url))).isInstanceOf(Connected.class);
    }

    @Test
    void absentSpeaker_isNull() {
        ObjectNode answer = SampleRecords.answer();
        answer.remove("speaker_id");

        assertThat(((Connected) classify(200, answer)).answer().fields()).isEqualTo(SampleRecords.answer());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                        | the answer is no JSON
            <html>welcome</html>      | the answer is no JSON
            {"session_id":"secret","t | the answer is no JSON
            {"token":"a","token":"b"} | the answer is no JSON
            {} {}                     | the answer is no JSON
            []                        | the answer is no JSON object
            "secret"                  | the answer is no JSON object
            null                      | the answer is no JSON object
            """)
    void successThatIsNoJsonObject_isAProtocolError(String body, String reason) {
        assertThat(CLASSIFIER.classify(200, null, SampleRecords.utf8(body))).isEqualTo(new ProtocolError(200, reason));
    }

    @Test
    void noContent_isAProtocolError() {
        assertThat(CLASSIFIER.classify(204, "7", new byte[0]))
                .isEqualTo(new ProtocolError(204, "the answer is no JSON"));
    }

    @Test
    void hugeAnswer_isAProtocolError() {
        byte[] body = new byte[AnswerClassifier.MAX_BODY_BYTES + 1];
        Arrays.fill(body, (byte) ' ');

        assertThat(CLASSIFIER.classify(200, null, body))
                .isEqualTo(new ProtocolError(200, "the answer has 1048577 bytes, at most 1048576 are read"));
    }

    @Test
    void deepAnswer_isAProtocolError() {
        assertThat(classify(200, "{'a':" + "[".repeat(100_000)))
                .isEqualTo(new ProtocolError(200, "the answer is no JSON"));
        assertThat(detail(classify(500, "{'detail':" + "[".repeat(100_000))))
                .isEqualTo(text("the provider answered 500 without a detail"));
    }

    /** What an outcome says of itself ends up in logs. */
    @Test
    void toString_showsNothingOfTheAnswer() {
        assertThat(classify(200, SampleRecords.answer()).toString()).doesNotContain(SampleRecords.PRIVATE);
        assertThat(classify(200, SampleRecords.answer().put("room_url", "PRIVATE"))
                        .toString())
                .doesNotContain(SampleRecords.PRIVATE);
    }

    /** What the provider says beyond the contract goes into the reply as it is. */
    @Test
    void numbersOfAnAnswer_areKeptAsTheyWereWritten() {
        String numbers = "[1e400,-0,12500000.00,3.141592653589793238462643383279502884197,1E+2,99999999999999999999]";
        ObjectNode answer = SampleRecords.answer();

        Connected connected =
                (Connected) classify(200, answer.toString().replaceFirst("\\{", "{'route_epoch':" + numbers + ","));

        assertThat(connected.answer().fields().get("route_epoch")).hasToString(numbers);
        assertThat(new String(
                        Json.bytes(SampleRecords.started(connected.answer().fields())
                                .toJson()),
                        StandardCharsets.UTF_8))
                .contains("\"route_epoch\":" + numbers);
    }

    @Test
    void numbersOfA422_areKeptAsTheyWereWritten() {
        JsonNode detail = detail(classify(422, "{'detail':[{'type':'x','input':1.50,'ctx':{'le':1e400}}]}"));

        assertThat(detail).hasToString("[{\"type\":\"x\",\"input\":1.50,\"ctx\":{\"le\":1e400}}]");
    }
}
