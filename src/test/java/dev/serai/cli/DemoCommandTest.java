package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.RouteFiles;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
@LeftToCi
class DemoCommandTest {
    private final StringWriter out = new StringWriter();

    @Test
    void demo_ofTheProject_comesOutAsItsFilesSay(@TempDir Path samples) throws Exception {
        DemoSamples.copyTo(samples);

        assertThat(demo(samples.toString())).isEqualTo(ExitCode.OK);

        assertThat(out.toString())
                .contains("19 of 19 samples came to what is expected", "01-audio", "character_not_found", "Next:")
                .doesNotContain("WRONG", "\u001b");
        assertThat(out.toString().lines())
                .as("where things are from")
                .contains(
                        "       dynamic_info from sample-customers (http), fresh (no context_ref: looked up by end_user_id)",
                        "       dynamic_info from sample-customers (http), cached (no context_ref: looked up by end_user_id)",
                        "       sample-customers (http) knows no dynamic_info (no context_ref: looked up by the key)",
                        "       scene from rooms (sql), fresh; dynamic_info from visitors (kafka-table), fresh",
                        "       scene from places (file), fresh; dynamic_info from callers (route), fresh",
                        "       CloudEvent, answered by a CloudEvent: dev.serai.conversation.started.v1",
                        "       raw event of the intake museum-line, as the event"
                                + " c0ffee00-0000-4000-8000-000000000018:start",
                        "       raw event of the intake museum-line, as the event"
                                + " c0ffee00-0000-4000-8000-000000000018:end",
                        "       loyalty (http) failed: no dynamic_info (the source cannot be reached: connection refused at"
                                + " 127.0.0.1:9)")
                .anySatisfy(line -> assertThat(line)
                        .matches(" {7}scene from sample-scenes \\(http\\), (fresh|cached);"
                                + " sample-customers \\(http\\) knows no dynamic_info"));
    }

    @Test
    void demo_ofSampleThatComesToSomethingElse_showsDifferenceAndFails(@TempDir Path samples) throws Exception {
        write(samples, "events/one.json", "{\"event_id\":\"e\",\"character_id\":\"c\"}");
        write(
                samples,
                "expected/one.json",
                "{\"about\":\"a wrong expectation\",\"key\":\"k\",\"reply\":{\"status\":\"started\",\"attempts\":7}}");

        write(samples, "application.properties", DemoSamples.shippedRoutes());

        assertThat(demo(samples.toString())).isEqualTo(ExitCode.FAILED);

        assertThat(out.toString())
                .contains("WRONG", "reply: /attempts should be 7, was 1", "0 of 1 sample came", "Publishing 1 event;")
                .doesNotContain("Next:");
    }

    /** The first thing that anybody does is to add an event. */
    @Test
    void demo_ofEventWithoutExpectation_showsWhatItComesTo(@TempDir Path samples) throws Exception {
        write(samples, "events/mine.json", "{\"character_id\":\"c\",\"end_user_id\":\"ada\",\"endUserId\":1}");
        write(samples, "events/other.json", "{\"character_id\":\"c\",\"ttl_ms\":0,\"ttl\":1}");
        write(samples, "application.properties", DemoSamples.shippedRoutes());

        assertThat(demo(samples.toString())).as(out.toString()).isEqualTo(ExitCode.OK);

        assertThat(out.toString().lines())
                .anyMatch(line -> line.startsWith("shown  mine ") && line.contains("started"))
                .anyMatch(line -> line.startsWith("shown  other") && line.contains("invalid_event: /ttl_ms"))
                .contains(
                        "       ignored: endUserId: did you mean end_user_id?",
                        "not judged: mine, which has no file mine.json in the folder expected",
                        "       sample-customers (http) knows no dynamic_info (no context_ref: looked up by end_user_id)");
        assertThat(out.toString()).contains("Next:").doesNotContain("WRONG", "0 of 0");
    }

    /** As the header of an example says: copied, and its settings set where a run reads them. */
    @Test
    void demo_ofARouteWithSettingsOfItsOwn_saysWhichFileItReads(@TempDir Path samples) throws Exception {
        write(samples, "events/one.json", "{}");
        write(samples, "application.properties", "serai.routes-dir=" + RouteFiles.copyWithExample("bridge-from-topic"));

        assertThat(demo(samples.toString())).isEqualTo(ExitCode.INVALID_SETTINGS);

        assertThat(out.toString())
                .contains(
                        "The demo has the settings of " + samples.resolve("application.properties") + " and no others",
                        "./serai run has those of ",
                        "there is no setting bridge.topic",
                        "there is no setting bridge.rejected-topic");
    }

    @Test
    void demo_withoutSamples_saysWhatIsMissing(@TempDir Path samples) {
        assertThat(demo(samples.resolve("none").toString())).isEqualTo(ExitCode.FAILED);

        assertThat(out.toString())
                .contains("serai: no events in " + samples.resolve("none").resolve("events") + ": put one there")
                .doesNotContain("Starting");
    }

    /** Of an event after one that is not there, or comes later, the demo would wait in vain. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"about":"a typo","reply":{},"cal":{}}          | ROUTES                       | 1 | one.json               | "cal"
            {"about":"a typo","reply":{},"intake":"museum"} | ROUTES                       | 1 | one:                   | the settings have no intake museum, only []
            {"about":"a circle","reply":{},"after":"one"}   | ROUTES                       | 1 | one.json:              | after should name an event before this one, was one
            {"about":"never run","reply":{}}                | serai.sources.rooms.typo=sql | 3 | application.properties | serai.sources.rooms.typo
            """)
    void demo_ofSamplesWithAMistake_saysWhatIsWrong(
            String expected, String settings, int exitCode, String where, String what, @TempDir Path samples)
            throws Exception {
        write(samples, "events/one.json", "{}");
        write(samples, "expected/one.json", expected);
        write(samples, "application.properties", settings.replace("ROUTES", DemoSamples.shippedRoutes()));

        assertThat(demo(samples.toString())).isEqualTo(exitCode);

        assertThat(out.toString()).contains(where, what).doesNotContain("\tat ");
    }

    @Test
    void demo_withAKafkaInItsSettings_isRefusedBeforeAnythingStarts(@TempDir Path samples) throws Exception {
        write(samples, "events/one.json", "{}");
        write(samples, "expected/one.json", "{\"about\":\"never run\",\"reply\":{}}");
        write(samples, "application.properties", "serai.kafka.bootstrap-servers=127.0.0.1:1");

        assertThat(demo(samples.toString())).isEqualTo(ExitCode.WRONG_USAGE);

        assertThat(out.toString()).contains("of its own: remove").doesNotContain("Starting");
    }

    @Test
    void demo_withAKeyInItsSettings_isRefusedBeforeAnythingStarts(@TempDir Path samples) throws Exception {
        write(samples, "events/one.json", "{}");
        write(samples, "expected/one.json", "{\"about\":\"never run\",\"reply\":{}}");
        write(samples, "key", "a-key-that-costs");
        write(samples, "application.properties", "serai.tenants.a.api-key-file=" + samples.resolve("key"));

        assertThat(demo(samples.toString())).isEqualTo(ExitCode.WRONG_USAGE);

        assertThat(out.toString())
                .contains("remove API keys and serai.kafka.bootstrap-servers from "
                        + samples.resolve("application.properties"))
                .doesNotContain("a-key-that-costs", "Starting");
    }

    @Test
    void demo_ofBrokenTable_namesItsFile(@TempDir Path samples) throws Exception {
        write(samples, "events/one.json", "{}");
        write(samples, "expected/one.json", "{\"about\":\"never run\",\"reply\":{}}");
        write(samples, "tables/customers.json", "[]");
        write(samples, "application.properties", DemoSamples.shippedRoutes());

        assertThat(demo(samples.toString())).isEqualTo(ExitCode.FAILED);

        assertThat(out.toString()).contains("customers.json should hold a JSON object");
    }

    private int demo(String samples) {
        PrintWriter writer = new PrintWriter(out, true);
        return SeraiCommand.commandLine().setOut(writer).setErr(writer).execute("demo", "--samples", samples);
    }

    private static void write(Path folder, String name, String text) throws Exception {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
