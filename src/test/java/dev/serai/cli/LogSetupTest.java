package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.LeftToCi;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 180, unit = TimeUnit.SECONDS)
@BesideOthers
@LeftToCi
class LogSetupTest {
    private static String text;
    private static List<JsonObject> json;

    @BeforeAll
    static void log() throws InterruptedException {
        text = run(LogLevel.INFO, LogFormat.TEXT);
        json = run(LogLevel.TRACE, LogFormat.JSON).lines().map(JsonObject::new).toList();
    }

    private static String run(LogLevel level, LogFormat format) throws InterruptedException {
        try (var process = JavaProcess.start(JavaProcess.classPath(), LogSample.class, level.name(), format.name())) {
            assertThat(process.exitCode()).isZero();
            return process.errors();
        }
    }

    @Test
    void text_namesTimeLevelAndShortLogger() {
        assertThat(text)
                .containsPattern(
                        "(?m)^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} INFO  Sample without context$");
    }

    @Test
    void text_showsTheContextThatIsPresent() {
        assertThat(text)
                .contains("Sample [event-1] with an event")
                .contains("Sample [event-1 alice] with both")
                .contains("Sample [event-1 alice req_0a1b2c] with all")
                .contains("Sample without context");
    }

    @Test
    void text_keepsLineBreaksFromForgingLines() {
        assertThat(text.lines()).noneMatch(line -> line.startsWith("forged"));
        assertThat(text).contains("[event-1 mallory\\nforged in the context] with a break\\nforged in the message");
    }

    @Test
    void text_masksTokensInMessagesAndExceptions() {
        assertThat(text)
                .contains(
                        "token [masked] in a message",
                        "IllegalStateException: token [masked]",
                        "RuntimeException: cause [masked]")
                .doesNotContain("eyJ", "c2lnbmF0dXJl");
    }

    /** A terminal obeys them: ESC, the C1 controls, marks of direction; viewers break lines at U+2028. */
    @Test
    void steeringCharacters_standAsTheirCodes_inMessagesContextAndExceptions() {
        assertThat(text)
                .contains("[\\u001b[31mred\\u009b1m\\u2028\\u202ecba mallory")
                .contains("steering \\u001b]0;title\\u0007 \\u2029 \\u2067 \\u0085 \\u007f end")
                .contains("line\\nforged by an exception\\u001b[2J of ");
        assertThat(text.lines()).noneMatch(line -> line.startsWith("forged"));
        for (String log : List.of(text, json.toString())) {
            assertThat(log.replaceAll("[\n\r\t]", "")).doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");
        }
    }

    @Test
    void whatTheProcessHandedOut_isMaskedInMessagesAndExceptions() {
        for (String log : List.of(text, json.toString())) {
            assertThat(log)
                    .contains("known of [masked] and [masked]", "wss://rooms.example/[masked]", " of [masked]")
                    .doesNotContainIgnoringCase("5f0c2a1e")
                    .doesNotContainIgnoringCase("1b6f3a8c4e2d")
                    .doesNotContain("9aF3kLm2Qx7ZtB4w");
        }
    }

    @Test
    void secretsOfOtherNames_areMasked_andPropertiesOfClients() {
        for (String log : List.of(text, json.toString())) {
            assertThat(log).contains("Session-Id: [masked]", "required [masked];");
            assertThat(log).doesNotContain("abc-1", "abc-2", "abc-3", "plain text", "everything that is set");
        }
    }

    @Test
    void text_hasStackTraces() {
        assertThat(text).containsPattern("(?m)^\\s+at dev\\.serai\\.cli\\.LogSample\\.main");
    }

    @Test
    void info_leavesLibrariesAtWarn() {
        assertThat(text).contains("library at warn").doesNotContain("library at info", "a detail");
    }

    /** What an embedded broker says of a machine that has other work; seen with the demo beside two busy loops. */
    @Test
    void loadOfTheEmbeddedBroker_isNotTold_itsFailuresAre() {
        for (String log : List.of(text, json.toString())) {
            assertThat(log)
                    .contains("another trouble of the controller", "another trouble of the broker")
                    .contains("Encountered fatal fault: cannot start")
                    .doesNotContain("Exceptionally slow", "event queue overloaded", "Invalid sequence number");
        }
    }

    /** The first edit that anybody makes to a route is a log step. */
    @Test
    void logStepsOfRoutes_speakAtInfo() {
        assertThat(text).contains("INFO  tap a log step of a route");
    }

    @Test
    void debug_isTheServicesAlone() throws InterruptedException {
        assertThat(run(LogLevel.DEBUG, LogFormat.TEXT))
                .contains("DEBUG Sample a detail", "library at warn")
                .doesNotContain("library at info");
    }

    @Test
    void trace_letsLibrariesSpeak() {
        assertThat(json).extracting(line -> line.getString("message")).contains("library at info", "a detail");
    }

    @Test
    void httpClientsLog_staysOffAtTrace() {
        assertThat(json.toString()).doesNotContain("X-API-Key");
        assertThat(text).doesNotContain("X-API-Key");
    }

    @Test
    void javaUtilLogging_isRouted() {
        assertThat(text).contains("WARN  Sample through java.util.logging");
    }

    @Test
    void json_hasOneObjectALineWithItsFields() {
        JsonObject line = json("with both");

        assertThat(line.getString("timestamp")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(line.getString("level")).isEqualTo("INFO");
        assertThat(line.getString("logger")).isEqualTo("dev.serai.sample.Sample");
        assertThat(line.getString("event_id")).isEqualTo("event-1");
        assertThat(line.getString("conversation_key")).isEqualTo("alice");
        assertThat(line.fieldNames()).doesNotContain("request_trace_id");
        assertThat(json("with all").getString("request_trace_id")).isEqualTo("req_0a1b2c");
    }

    @Test
    void json_leavesAbsentContextOut() {
        assertThat(json("without context").fieldNames()).doesNotContain("event_id", "conversation_key");
        assertThat(json("with an event").fieldNames()).contains("event_id").doesNotContain("conversation_key");
    }

    @Test
    void json_hasAnExceptionOnlyWhereThereIsOne() {
        assertThat(json)
                .filteredOn(line -> line.containsKey("exception"))
                .extracting(line -> line.getString("message"))
                .containsExactly("broken", "failed");
    }

    @Test
    void json_masksTokensInMessagesAndExceptions() {
        assertThat(json("token [masked] in a message")).isNotNull();
        assertThat(json("failed").getString("exception"))
                .contains(
                        "IllegalStateException: token [masked]",
                        "RuntimeException: cause [masked]",
                        "at dev.serai.cli.LogSample");
        assertThat(json.toString()).doesNotContain("eyJ", "c2lnbmF0dXJl");
    }

    private static JsonObject json(String message) {
        return json.stream()
                .filter(line -> message.equals(line.getString("message")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no line says " + message + ": " + json));
    }
}
