package dev.serai.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SettingsReferenceTest {
    private static final Path REFERENCE = Path.of("config", "README.md");

    @Test
    void reference_hasTheKeysOfTenantsUnderAnyName() {
        assertThat(SettingsReference.markdown())
                .contains("## Tenants\n")
                .contains("| `serai.tenants.NAME.api-key` | `SERAI_TENANTS_NAME_API_KEY` (environment only) | secret |")
                .contains("| `serai.tenants.NAME.rate` | `SERAI_TENANTS_NAME_RATE` | decimal number"
                        + " | as `serai.connect.rate` | 0 to 10000 |");
    }

    @Test
    void reference_saysInWordsWhatADefaultDependsOn() {
        assertThat(SettingsReference.markdown())
                .contains("## Sources\n")
                .contains(
                        "| `serai.sources.NAME.cache-ttl` | `SERAI_SOURCES_NAME_CACHE_TTL` | duration | `1m` for http, sql"
                                + " and route; `0ms` for kafka-table");
    }

    @Test
    void committedReference_isWhatTheRecordsSay() throws Exception {
        if (Boolean.getBoolean("serai.regenerate")) {
            Files.writeString(REFERENCE, SettingsReference.markdown());
        }

        assertThat(REFERENCE)
                .as("out of date; run mvn test -Dtest=SettingsReferenceTest -Dserai.regenerate=true")
                .content()
                .isEqualTo(SettingsReference.markdown());
    }
}
