package dev.serai.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.settings.SeraiSettings.Connect;
import dev.serai.settings.SeraiSettings.Connect.Gate;
import dev.serai.settings.SeraiSettings.Conversation;
import dev.serai.settings.SeraiSettings.Embedded;
import dev.serai.settings.SeraiSettings.Enrich;
import dev.serai.settings.SeraiSettings.Http;
import dev.serai.settings.SeraiSettings.Kafka;
import dev.serai.settings.SeraiSettings.OnUnknownOutcome;
import dev.serai.settings.SeraiSettings.Reply;
import dev.serai.settings.SeraiSettings.Sessions;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(10)
class SettingsDefaultsTest {
    @TempDir
    Path directory;

    @Test
    void defaults_areThese() {
        assertThat(Loading.defaults().values())
                .isEqualTo(new SeraiSettings(
                        Path.of("data"),
                        Path.of("routes"),
                        null,
                        new Kafka(
                                null,
                                null,
                                "conversation.start",
                                "conversation.replies",
                                "conversation.dead-letters",
                                "conversation.sessions",
                                "serai",
                                1000,
                                null,
                                true,
                                8,
                                Duration.ofHours(1)),
                        new Conversation(null, Duration.ofMinutes(2), 262_144, Duration.ofSeconds(5)),
                        new Sessions(Duration.ofDays(30)),
                        new Connect(
                                URI.create("https://live.convai.com"),
                                false,
                                null,
                                null,
                                false,
                                Set.of(
                                        "action_config",
                                        "audio_config",
                                        "narrative_template_keys",
                                        "emotion_config",
                                        "thinking_mode",
                                        "respond_modes",
                                        "llm_provider",
                                        "stt_provider",
                                        "disable_live_fallback",
                                        "default_tts_enabled",
                                        "default_stt_enabled",
                                        "vad_params",
                                        "turn_detection_config",
                                        "blendshape_provider",
                                        "blendshape_config",
                                        "vision_input_config",
                                        "video_track_name",
                                        "max_num_participants",
                                        "shared_session_key",
                                        "mode",
                                        "room_name",
                                        "room_session_id",
                                        "transport",
                                        "spawn_agent",
                                        "debug",
                                        "debug_row_cap",
                                        "invocation_metadata"),
                                8,
                                0,
                                1,
                                4,
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(8),
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(15),
                                OnUnknownOutcome.RETRY,
                                new Gate(
                                        Duration.ofMillis(4700),
                                        Duration.ofSeconds(30),
                                        10,
                                        Duration.ofSeconds(2),
                                        Duration.ofSeconds(15)),
                                null,
                                null,
                                null,
                                null,
                                null),
                        new Enrich(null, null, new Enrich.Limits(50, 100, 1000, 10_000, 10_000)),
                        new Reply(
                                Set.of(),
                                List.of(
                                        "kafka_correlationId",
                                        "REPLY_CORRELATION_ID",
                                        "correlation_id",
                                        "correlation-id",
                                        "correlationId",
                                        "traceparent",
                                        "tracestate")),
                        new Http("127.0.0.1", 8080),
                        new Embedded(19092),
                        Map.of(),
                        Map.of()));
    }

    @Test
    void sourceOfTypeHttp_hasTheDefaultsOfItsFactory() {
        Settings settings = Loading.fromEnvironment(
                Map.of("SERAI_SOURCES_CRM_TYPE", "http", "SERAI_SOURCES_CRM_BASE_URL", "https://a.example/v1/"));

        assertThat(settings.values().sources())
                .isEqualTo(Map.of(
                        "crm", EnrichmentSource.http(URI.create("https://a.example/v1"), Duration.ofSeconds(2))));
    }

    @ParameterizedTest
    @CsvSource({
        "http, BASE_URL, http://a, 1m",
        "sql, JDBC_URL QUERY, jdbc:a:b, 1m",
        "route, ROUTE, enrich-a, 1m",
        "kafka-table, TOPIC, a, 0ms",
        "file, PATH, PATH, 0ms"
    })
    void cacheTtl_dependsOnTheType(String type, String needed, String value, String ttl) {
        Path file = Loading.write(directory.resolve("a.json"), "{}");
        Map<String, String> environment = new TreeMap<>(Map.of("SERAI_SOURCES_CRM_TYPE", type));
        for (String key : needed.split(" ", -1)) {
            environment.put("SERAI_SOURCES_CRM_" + key, "PATH".equals(value) ? file.toString() : value);
        }

        assertThat(Loading.fromEnvironment(environment).effective())
                .contains("serai.sources.crm.cache-ttl = " + ttl + " (default)");
        environment.put("SERAI_SOURCES_CRM_CACHE_TTL", "7s");
        assertThat(Loading.fromEnvironment(environment).effective())
                .contains("serai.sources.crm.cache-ttl = 7s (environment SERAI_SOURCES_CRM_CACHE_TTL)");
    }

    @Test
    void defaults_changeNothing() {
        assertThat(Loading.defaults().changed()).isEmpty();
        assertThat(Loading.defaults().warnings()).isEmpty();
    }

    @Test
    void committedFile_changesNothing() {
        Path file = Path.of("config", "application.properties");
        assertThat(file).exists();
        Settings settings = Loading.fromFileAsItIs(file);

        assertThat(settings.changed()).isEmpty();
        assertThat(settings.otherProperties()).isEmpty();
    }

    @Test
    void examplesInTheCommittedFile_nameRealKeys() throws Exception {
        List<String> keys = Files.readAllLines(Path.of("config", "application.properties")).stream()
                .filter(line -> line.startsWith("#serai."))
                .map(line -> line.substring(1, line.indexOf('=')))
                .toList();

        assertThat(keys).isNotEmpty().allMatch(key -> SettingsCatalog.find(key).isPresent());
    }
}
