package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher script in a project of its own, with shell scripts in place of the JDKs and of Maven: they say which
 * version they are and print what they are called with.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LauncherTest {
    @TempDir
    Path directory;

    private Path project;
    private Path bin;

    @BeforeEach
    void createProject() throws IOException {
        project = Files.createDirectories(directory.resolve("a project"));
        bin = Files.createDirectories(directory.resolve("bin"));
        Files.copy(Path.of("serai"), project.resolve("serai"));
        project.resolve("serai").toFile().setExecutable(true);
        Files.createDirectories(project.resolve("src/main"));
        Files.writeString(project.resolve("pom.xml"), "<project/>");
        script(bin.resolve("mvn"), "echo build >> builds", "echo \"maven says: $*\"", "touch target/serai.jar");
    }

    @Test
    void java_isTheFirstThatIsNewEnough() throws Exception {
        Path old = jdk("old", "openjdk version \"17.0.15\" 2025-04-15");
        Path oldest = jdk("oldest", "java version \"1.8.0_402\"");
        Path fitting = jdk("fitting", "openjdk version \"21.0.7\" 2025-04-15");
        Files.createSymbolicLink(bin.resolve("java"), fitting.resolve("bin/java"));

        Result result = run(Map.of("SERAI_JAVA_HOME", old.toString(), "JAVA_HOME", oldest.toString()), "help");

        assertThat(result.out()).startsWith("fitting: ");
    }

    @Test
    void java_isTheNamedOneBeforeJavaHome() throws Exception {
        Path named = jdk("named", "openjdk version \"25\" 2025-09-16");
        Path home = jdk("home", "openjdk version \"21.0.7\" 2025-04-15");

        Result result = run(Map.of("SERAI_JAVA_HOME", named.toString(), "JAVA_HOME", home.toString()), "help");

        assertThat(result.out()).startsWith("named: ");
    }

    @Test
    void java_getsTheClassPathAndTheArgumentsAsTheyAre() throws Exception {
        Result result = run(java21(), "broker", "--data-dir", "with space");

        assertThat(result.code()).isZero();
        String home = project.toRealPath().toString();
        assertThat(result.out())
                .contains("[-cp] [" + home + "/target/serai.jar:" + home + "/target/lib/*:" + home
                        + "/target/lib-embedded/*:" + home
                        + "/lib-extra/*] [dev.serai.Serai] [broker] [--data-dir] [with space]")
                .contains(
                        "[-XX:+UseSerialGC]", "[--enable-native-access=ALL-UNNAMED]", "[-XX:+ExitOnOutOfMemoryError]");
    }

    @Test
    void java_getsOptionsOfNewerReleasesOnlyThere() throws Exception {
        Path newer = jdk("newer", "openjdk version \"23.0.1\" 2024-10-15");

        assertThat(run(java21(), "help").out()).doesNotContain("--sun-misc-unsafe-memory-access");
        assertThat(run(Map.of("SERAI_JAVA_HOME", newer.toString()), "help").out())
                .contains("[--sun-misc-unsafe-memory-access=allow]");
    }

    @Test
    void javaOptions_takeThePlaceOfTheDefaults() throws Exception {
        String home = java21().values().iterator().next();

        Result result = run(Map.of("SERAI_JAVA_HOME", home, "SERAI_JAVA_OPTS", "-Xmx4g -XX:+UseG1GC"), "help");

        assertThat(result.out())
                .contains("[-Xmx4g] [-XX:+UseG1GC]", "[-XX:+ExitOnOutOfMemoryError]")
                .doesNotContain("UseSerialGC");
    }

    @Test
    void launcher_runsWhereItIsTypedAndTellsWhereItsProjectIs() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), project.resolve("serai"));

        Result result = run(link, java21(), "help");

        assertThat(result.out())
                .contains("in " + directory.toRealPath() + " ", "[-Dserai.home=" + project.toRealPath() + "]");
        assertThat(project.resolve("target/serai.jar")).exists();
        assertThat(directory.resolve("target")).doesNotExist();
    }

    /** Messages then name files as short as they are typed. */
    @Test
    void launcher_inItsProject_namesItsFilesRelatively() throws Exception {
        Result result = result(start(new ProcessBuilder("./serai", "help"), java21(), project));

        assertThat(result.out())
                .contains("[-cp] [target/serai.jar:target/lib/*:target/lib-embedded/*:lib-extra/*]")
                .doesNotContain("serai.home");
    }

    @Test
    void build_happensOnceUntilASourceChanges() throws Exception {
        Map<String, String> java = java21();
        Result first = run(java, "help");
        run(java, "help");
        assertThat(builds()).hasSize(1);
        assertThat(first.err()).contains("building target/serai.jar").doesNotContain("maven says");
        assertThat(first.out()).doesNotContain("build");

        Path source = Files.writeString(project.resolve("src/main/Changed.java"), "");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
        run(java, "help");
        assertThat(builds()).hasSize(2);
    }

    @Test
    void bench_runsFromTheTestClasses() throws Exception {
        benchBuild();

        Result result = run(java21(), "bench", "--json", "with space");

        assertThat(result.code()).isZero();
        assertThat(result.out())
                .contains("[-cp] [target/test-classes:target/classes:a.jar:b.jar] [dev.serai.bench.Bench]"
                        + " [--json] [with space]")
                .contains("[-XX:+UseSerialGC]");
    }

    @Test
    void bench_isBuiltOnceUntilATestChanges() throws Exception {
        benchBuild();
        Map<String, String> java = java21();
        run(java, "bench");
        run(java, "bench");
        assertThat(builds()).hasSize(2);

        Path source = Files.writeString(project.resolve("src/test/Changed.java"), "");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
        run(java, "bench");
        assertThat(builds()).hasSize(3);
        run(java, "help");
        assertThat(builds()).hasSize(3);
    }

    private void benchBuild() throws IOException {
        Files.createDirectories(project.resolve("src/test"));
        script(
                bin.resolve("mvn"),
                "echo build >> builds",
                "case \"$*\" in",
                "  *test-compile*) echo a.jar:b.jar > target/bench.classpath ;;",
                "  *) touch target/serai.jar ;;",
                "esac");
    }

    @Test
    void build_thatFailsShowsMavensOutputAndLeavesNoJar() throws Exception {
        script(bin.resolve("mvn"), "echo 'COMPILATION ERROR'", "touch target/serai.jar", "exit 1");

        Result result = run(java21(), "help");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("COMPILATION ERROR", "serai: the build failed");
        assertThat(project.resolve("target/serai.jar")).doesNotExist();
    }

    @Test
    void build_isNotDoneTwiceByTwoLaunchesAtOnce() throws Exception {
        assumeTrue(new ProcessBuilder("sh", "-c", "command -v flock").start().waitFor() == 0);
        script(bin.resolve("mvn"), "echo build >> builds", "sleep 1", "touch target/serai.jar");
        Map<String, String> java = java21();

        Process one = start(project.resolve("serai"), java, "help");
        Process other = start(project.resolve("serai"), java, "help");

        assertThat(result(one).code()).isZero();
        assertThat(result(other).code()).isZero();
        assertThat(builds()).hasSize(1);
    }

    @Test
    void build_thatAnotherTerminalHasBegun_isWaitedFor_andThatIsSaid() throws Exception {
        assumeTrue(new ProcessBuilder("sh", "-c", "command -v flock").start().waitFor() == 0);
        script(
                bin.resolve("mvn"),
                "echo build >> builds",
                "while [ ! -f go-on ]; do sleep 0.1; done",
                "touch target/serai.jar");
        Map<String, String> java = java21();
        Process building = start(project.resolve("serai"), java, "help");
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(project.resolve("builds")));

        Process waiting = start(project.resolve("serai"), java, "help");
        try {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> waiting.getErrorStream().available() > 0);
        } finally {
            Files.createFile(project.resolve("go-on"));
        }

        Result waited = result(waiting);
        assertThat(waited.code()).isZero();
        assertThat(waited.err()).startsWith("serai: waiting for the build that another terminal has begun");
        assertThat(result(building).code()).isZero();
        assertThat(builds()).hasSize(1);
    }

    private record Result(int code, String out, String err) {}

    private Map<String, String> java21() throws IOException {
        return Map.of(
                "SERAI_JAVA_HOME",
                jdk("java21", "openjdk version \"21.0.7\" 2025-04-15").toString());
    }

    private Path jdk(String name, String version) throws IOException {
        Path home = directory.resolve("jdks").resolve(name);
        Files.createDirectories(home.resolve("bin"));
        script(
                home.resolve("bin/java"),
                "if [ \"$1\" = -version ]; then echo '" + version + "' >&2; exit; fi",
                "printf '" + name + ": in %s' \"$PWD\"",
                "printf ' [%s]' \"$@\"");
        return home;
    }

    private static void script(Path path, String... lines) throws IOException {
        Files.writeString(path, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        assertThat(path.toFile().setExecutable(true)).isTrue();
    }

    private List<String> builds() throws IOException {
        return Files.readAllLines(project.resolve("builds"));
    }

    private Result run(Map<String, String> environment, String... arguments) throws Exception {
        return run(project.resolve("serai"), environment, arguments);
    }

    private Result run(Path launcher, Map<String, String> environment, String... arguments) throws Exception {
        return result(start(launcher, environment, arguments));
    }

    private Process start(Path launcher, Map<String, String> environment, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        return start(new ProcessBuilder(command), environment, directory);
    }

    private Process start(ProcessBuilder builder, Map<String, String> environment, Path where) throws IOException {
        builder.directory(where.toFile());
        List.of("SERAI_JAVA_HOME", "SERAI_JAVA_OPTS", "JAVA_HOME").forEach(builder.environment()::remove);
        builder.environment().put("PATH", bin + ":" + System.getenv("PATH"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static Result result(Process process) throws Exception {
        // Each prints less than a pipe holds: one after the other cannot block.
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), out, err);
    }
}
