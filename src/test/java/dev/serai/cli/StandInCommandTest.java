package dev.serai.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.LeftToCi;
import dev.serai.wire.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

@Timeout(value = 180, unit = TimeUnit.SECONDS)
@BesideOthers
@LeftToCi
class StandInCommandTest {
    private static final String SECRET = "a-secret-of-a-livekit-server-of-ones-own";

    @Test
    void rooms_areThoseOfALiveKitServerOfOnesOwn() throws Exception {
        Map<String, String> environment = Map.of("LIVEKIT_API_SECRET", SECRET, "LIVEKIT_API_KEY", "overridden");
        try (var standIn = standIn(
                        environment, "--port", "0", "--room-url", "ws://127.0.0.1:7880", "--token-issuer", "devkey");
                var client = HttpClient.newHttpClient()) {
            String line = standIn.readLine();
            HttpRequest request = HttpRequest.newBuilder(URI.create(line.replace("CONVAI_BASE_URL=", "") + "/connect"))
                    .header("X-API-Key", "standin-api-key")
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"character_id\":\"ada\"}"))
                    .build();

            JsonNode answer = Json.MAPPER.readTree(
                    client.send(request, HttpResponse.BodyHandlers.ofString()).body());

            assertThat(answer.path("room_url").asText()).isEqualTo("ws://127.0.0.1:7880");
            String[] token = answer.path("token").asText().split("\\.", -1);
            assertThat(Json.MAPPER
                            .readTree(Base64.getUrlDecoder().decode(token[1]))
                            .path("iss")
                            .asText())
                    .isEqualTo("devkey");
            assertThat(token[2]).isEqualTo(signature(token[0] + "." + token[1]));
        }
    }

    @Test
    void secretThatIsTooShort_isWrongUsage_andNotShown() throws Exception {
        try (var standIn = standIn(Map.of("LIVEKIT_API_SECRET", "devsecret"), "--port", "0")) {
            assertThat(standIn.exitCode()).isEqualTo(ExitCode.WRONG_USAGE);
            assertThat(standIn.errors())
                    .contains("tokenSecret must be at least 32 bytes, was 9")
                    .doesNotContain("devsecret", "\tat ");
        }
    }

    @Test
    void rulesAndLimit_holdFromTheStart_forFurtherKeysToo() throws Exception {
        Map<String, String> environment = Map.of("CONVAI_OTHER_API_KEYS", "second-key,third-key");
        try (var standIn = standIn(
                        environment,
                        "--port=0",
                        "--gone-session=invalid_uuid",
                        "--foreign-session=unclear",
                        "--second-create=same_room",
                        "--disconnect-ends=room",
                        "--idle-after-ms=300000",
                        "--max-sessions=1");
                var client = HttpClient.newHttpClient()) {
            String base = standIn.readLine().replace("CONVAI_BASE_URL=", "");
            HttpRequest rules = HttpRequest.newBuilder(URI.create(base + "/_standin/session-rules"))
                    .build();

            assertThat(client.send(rules, HttpResponse.BodyHandlers.ofString()).body())
                    .isEqualTo("{\"gone_session\":\"invalid_uuid\",\"foreign_session\":\"unclear\","
                            + "\"second_create\":\"same_room\",\"disconnect_ends\":\"room\",\"idle_after_ms\":300000}");
            assertThat(connect(client, base, "second-key").statusCode()).isEqualTo(200);
            assertThat(connect(client, base, "second-key").statusCode()).isEqualTo(429);
            assertThat(connect(client, base, "third-key").statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--second-create=maybe, conflict",
        "--idle-after-ms=0, idleAfter must be longer than nothing",
        "--max-sessions=-1, 'maxSessions must be at least 0, was -1'"
    })
    void optionThatCannotBe_isWrongUsage_andSaysWhatCan(String option, String said) {
        var err = new StringWriter();

        int exitCode = new CommandLine(new StandInCommand())
                .setErr(new PrintWriter(err, true))
                .execute("--port=0", option);

        assertThat(exitCode).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(err.toString()).contains(said);
    }

    private static HttpResponse<String> connect(HttpClient client, String base, String apiKey) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/connect"))
                .header("X-API-Key", apiKey)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"character_id\":\"ada\"}"))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static String signature(String signed) throws Exception {
        Mac hmac = Mac.getInstance("HmacSHA256");
        hmac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(hmac.doFinal(signed.getBytes(UTF_8)));
    }

    private static JavaProcess standIn(Map<String, String> environment, String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "standin";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return JavaProcess.startSerai(environment, all);
    }
}
