package dev.serai.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class SettingsDefaultsTest {
    @TempDir
    Path directory;

    @Test
    void sourceOfItsFactory_isOneOfTypeHttpWithTheDefaults() {
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
    void examplesInTheCommittedFile_nameRealKeys() throws Exception {
        List<String> keys = Files.readAllLines(Path.of("config", "application.properties")).stream()
                .filter(line -> line.startsWith("#serai."))
                .map(line -> line.substring(1, line.indexOf('=')))
                .toList();

        assertThat(keys).isNotEmpty().allMatch(key -> KnownSettings.find(key).isPresent());
    }
}
