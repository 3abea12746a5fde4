package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.SilentSource;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A source that takes all the time that it is given: it is named, and the checks of other things are not held up. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@LeftToCi
class DoctorSilentSourceTest {
    @TempDir
    private Path directory;

    @AutoClose
    private final SilentSource silent = new SilentSource();

    @Test
    void sourceThatDoesNotAnswer_isNamed_andNothingElseIsAnError() throws Exception {
        try (DoctorTopics doctor = new DoctorTopics(directory)) {
            doctor.create();
            doctor.settings.put("serai.sources.slow.type", "sql");
            doctor.settings.put(
                    "serai.sources.slow.jdbc-url",
                    "jdbc:postgresql://127.0.0.1:"
                            + URI.create(silent.baseUrl()).getPort() + "/museum");
            doctor.settings.put("serai.sources.slow.query", "select name from scenes where id = :#reference");
            doctor.settings.put("serai.sources.slow.timeout", "60s");
            doctor.settings.put("serai.enrich.scene-source", "slow");
            doctor.settings.put("serai.enrich.dynamic-info-source", "none");

            assertThat(doctor.execute("--only", "topics,rights,http,routes,sources,poll"))
                    .as(doctor.commands.err())
                    .isEqualTo(ExitCode.FAILED);

            assertThat(doctor.lines("error", "")).as(doctor.commands.out()).hasSize(1);
            assertThat(doctor.line("error", "sources"))
                    .contains("slow", "no answer within")
                    .doesNotContain("given up");
            for (String check : new String[] {"topics", "rights", "http", "routes", "poll"}) {
                assertThat(doctor.lines("ok", check)).as(doctor.commands.out()).isNotEmpty();
            }
        }
    }
}
