package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.LeftToCi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the demo puts into the folder of temporary files is gone when its process is. */
@BesideOthers
@Timeout(value = 180, unit = TimeUnit.SECONDS)
@LeftToCi
class DemoLeavesNothingTest {
    @TempDir
    private Path directory;

    private Path temporary() {
        return directory.resolve("tmp");
    }

    private JavaProcess demo() throws IOException {
        Files.createDirectory(temporary());
        Path events = Files.createDirectories(directory.resolve("samples/events"));
        Files.writeString(events.resolve("one.json"), "{\"character_id\":\"c\"}");
        Files.writeString(directory.resolve("samples/application.properties"), DemoSamples.shippedRoutes());
        return JavaProcess.startSerai(
                List.of("-Djava.io.tmpdir=" + temporary()),
                Map.of(),
                "demo",
                "--samples",
                directory.resolve("samples").toString());
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(temporary())) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void demoThatIsInterrupted_leavesNothing() throws Exception {
        try (JavaProcess demo = demo()) {
            // The one that it starts, the one where it is.
            demo.readLine();
            demo.readLine();
            assertThat(left()).singleElement().asString().startsWith("serai-demo");

            demo.interrupt();

            assertThat(demo.exitCode()).as(demo.errors()).isEqualTo(130);
            assertThat(left()).isEmpty();
        }
    }

    @Test
    void demoThatIsThrough_leavesNothing() throws Exception {
        try (JavaProcess demo = demo()) {
            demo.readToEnd();

            assertThat(demo.exitCode()).as(demo.errors()).isEqualTo(ExitCode.OK);
            assertThat(left()).isEmpty();
        }
    }
}
