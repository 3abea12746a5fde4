package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.LeftToCi;
import dev.serai.trial.standin.StandInOptions;
import dev.serai.wire.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What of {@code serai doctor} is the process's own: what it says to the shell, and where. */
@BesideOthers
@Order(BesideOthers.LONG)
@Timeout(value = 240, unit = TimeUnit.SECONDS)
@LeftToCi
class DoctorProcessTest {
    @TempDir
    private Path directory;

    @Test
    void exitCodes_sayWhatWasFound_andStandardOutputIsTheReportAlone() throws Exception {
        try (DoctorTopics doctor = new DoctorTopics(directory)) {
            doctor.create();
            doctor.provider(StandInOptions.defaults().withApiKey(DoctorTopics.KEY));

            JsonNode sound = Json.MAPPER.readTree(run(doctor, ExitCode.OK, "--json"));
            assertThat(sound.path("error").asInt()).isZero();
            assertThat(sound.path("checks").size()).isGreaterThan(20);

            doctor.configure(doctor.replies, "cleanup.policy", "compact");
            assertThat(run(doctor, ExitCode.FAILED, "--only=retention"))
                    .contains("error    retention     " + doctor.replies + " has cleanup.policy=compact")
                    .endsWith("errors: 1, warnings: 0, ok: 3, skipped: 0\n");

            doctor.settings.put("serai.connect.base-url", "http://127.0.0.1:1");
            run(doctor, ExitCode.REFUSED, "--only=provider");
            run(doctor, ExitCode.WRONG_USAGE, "--only=everything");
        }
    }

    private static String run(DoctorTopics doctor, int exitCode, String... own) throws Exception {
        List<String> arguments = doctor.arguments(own);
        try (JavaProcess process = JavaProcess.startSerai(Map.of(), arguments.toArray(String[]::new))) {
            String said = process.readToEnd();
            assertThat(process.exitCode()).as(said + process.errors()).isEqualTo(exitCode);
            return said;
        }
    }
}
