package dev.serai.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.TypedCommands;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import dev.serai.wire.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code serai waiting}, against a running service and against what is none. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class WaitingCommandTest {
    private final TypedCommands commands = new TypedCommands();

    private int execute(String... arguments) {
        List<String> all = new ArrayList<>(List.of("waiting"));
        all.addAll(List.of(arguments));
        return commands.run(all);
    }

    @Test
    void eventsOfARunningService_areListed_withoutWhatSteersATerminal() throws Exception {
        try (RunningSerai serai = new RunningSerai()) {
            String at = serai.service().observeUri().getAuthority();
            assertThat(execute("--at", at)).isEqualTo(ExitCode.OK);
            assertThat(commands.out()).isEqualToIgnoringNewLines("no event is held: none waits here");

            serai.standIn().script(FaultScript.always(Fault.hang()).forCharacter("hangs"));
            String key = "caller\u001b[2J\r\n-" + "k".repeat(1_000);
            serai.publish(key, "{\"event_id\":\"first\\u001b[31m\u009b\u202e\",\"character_id\":\"hangs\"}");
            serai.publish(key, "{\"event_id\":\"second\",\"character_id\":\"c\"}");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(
                            () -> {
                                commands.forget();
                                execute("--at", at);
                                return commands.out();
                            },
                            table -> table.contains("under way") && table.contains("second"));

            List<String> lines = commands.out().lines().toList();
            assertThat(lines.get(0))
                    .startsWith("events held: 2, the oldest published ")
                    .endsWith(" ago");
            assertThat(lines.get(1)).isEmpty();
            assertThat(lines.get(2)).matches("AGE +TIME LEFT +TENANT +EVENT +KEY +RECORD +WHAT IT IS AT");
            assertThat(lines.get(3))
                    .contains("default", "first\\u001b[31m", "caller\\u001b[2J\\r\\n-kkk", "…")
                    .contains("call ", " of POST /connect is under way", ", for ");
            assertThat(lines.get(4)).contains("second", "waits in its lane behind first\\u001b[31m\\u009b\\u202e (");
            assertThat(lines).hasSize(5).allSatisfy(line -> assertThat(line)
                    .doesNotContain("\u001b", "\r", "\u009b", "\u202e"));

            commands.forget();
            assertThat(execute("--at", at, "--limit", "1")).isEqualTo(ExitCode.OK);
            assertThat(commands.out()).contains("and 1 more, which are younger");

            commands.forget();
            assertThat(execute("--at", at, "--json")).isEqualTo(ExitCode.OK);
            JsonNode report = Json.MAPPER.readTree(commands.out());
            assertThat(commands.out()).doesNotContain("\u009b", "\u202e");
            assertThat(report.at("/events/0/event_id").asText()).isEqualTo("first\u001b[31m\u009b\u202e");
            assertThat(report.at("/events/0/conversation_key").asText())
                    .startsWith("caller\u001b[2J\r\n-kkk")
                    .hasSize(128);
            serai.standIn().close();
        }
    }

    @Test
    void noService_isSaidWithWhatToDo() throws IOException {
        int port;
        try (var closedAgain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closedAgain.getLocalPort();
        }

        assertThat(execute("--at", "127.0.0.1:" + port)).isEqualTo(ExitCode.FAILED);

        assertThat(commands.err())
                .startsWith("serai: no service answers at 127.0.0.1:" + port)
                .contains("serai.http.port", "--at HOST:PORT")
                .doesNotContain("\tat ");
        assertThat(commands.out()).isEmpty();
    }

    @Test
    void serviceOfTheSettings_isAskedIfNoneIsNamed() throws IOException {
        int port;
        try (var closedAgain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closedAgain.getLocalPort();
        }

        assertThat(execute("--set", "serai.http.port=" + port, "--set", "serai.http.host=0.0.0.0"))
                .isEqualTo(ExitCode.FAILED);

        assertThat(commands.err()).contains("no service answers at 127.0.0.1:" + port);
    }

    /** README shows the table of the answer that metrics.md shows. */
    @Test
    void tableOfReadme_isThatOfTheDocumentedAnswer() throws IOException {
        String answer = block(Path.of("src/docs/metrics.md"), "json");

        StringWriter table = new StringWriter();
        WaitingTable.print(new PrintWriter(table), Json.MAPPER.readTree(answer));

        assertThat(table.toString().lines())
                .containsExactlyElementsOf(
                        block(Path.of("README.md"), "text").lines().toList());
    }

    private static String block(Path document, String language) throws IOException {
        String text = Files.readString(document);
        String section = text.substring(text.indexOf("## Who waits, and why"));
        int begin = section.indexOf("```" + language + "\n") + language.length() + 4;
        return section.substring(begin, section.indexOf("```", begin));
    }

    @ParameterizedTest
    @ValueSource(strings = {"404 not found", "200 <html>hello</html>", "200 {}", "500 "})
    void whatIsNoSerai_isSaid(String answer) throws IOException {
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext("/", exchange -> {
            byte[] body = answer.substring(4).getBytes(UTF_8);
            exchange.sendResponseHeaders(Integer.parseInt(answer.substring(0, 3)), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        other.start();
        try {
            String at = "127.0.0.1:" + other.getAddress().getPort();

            assertThat(execute("--at", at)).isEqualTo(ExitCode.FAILED);

            assertThat(commands.err())
                    .contains(
                            "what answers at " + at + " is no Serai of this version",
                            "status " + answer.substring(0, 3));
        } finally {
            other.stop(0);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"nowhere", "host:", ":8080", "host:port", "host:0", "user@host:80", "host:80/path", "a b:80", ""
            })
    void addressThatIsNone_isWrongUsage(String at) {
        assertThat(execute("--at", at)).isEqualTo(ExitCode.WRONG_USAGE);

        assertThat(commands.err()).contains("--at: expected HOST:PORT such as 127.0.0.1:8080, was " + at);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1001", "-3"})
    void limitOutOfBounds_isWrongUsage(String limit) {
        assertThat(execute("--at", "127.0.0.1:1", "--limit=" + limit)).isEqualTo(ExitCode.WRONG_USAGE);

        assertThat(commands.err()).contains("--limit must be 1 to 1000, was " + limit);
    }

    @Test
    void portThatIsAny_cannotBeKnown() {
        assertThat(execute("--set", "serai.http.port=0")).isEqualTo(ExitCode.WRONG_USAGE);

        assertThat(commands.err()).contains("serai.http.port is 0", "--at HOST:PORT");
    }
}
