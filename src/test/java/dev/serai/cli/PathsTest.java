package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.Serai;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.RouteFiles;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where paths lead to, with the command typed in a folder that is not Serai's own. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
@LeftToCi
class PathsTest {
    @TempDir
    private Path directory;

    private Path home;
    private Path mine;

    @BeforeEach
    void createFolders() throws IOException {
        home = Files.createDirectories(directory.resolve("serai"));
        mine = Files.createDirectories(directory.resolve("mine"));
        copy(RouteFiles.shippedFolder(), home.resolve("routes"));
        Files.createDirectories(home.resolve("config/templates"));
        Files.writeString(home.resolve("config/templates/own.txt"), "{{name}}");
    }

    /** What the environment overrides of that file is meant so. */
    @Test
    void defaultsAndOwnSettingsFile_areFromSeraisFolderOn() throws Exception {
        Files.writeString(
                home.resolve("config/application.properties"),
                "serai.connect.rate=0.03\n" + String.join("\n", people("config/people.json")));
        Files.writeString(home.resolve("config/people.json"), "{}");

        String out = check(ExitCode.OK, Map.of("SERAI_CONNECT_RATE", "5"));

        assertThat(out)
                .contains("routes of the folder " + home.resolve("routes") + " ")
                .contains("source people (file " + home.resolve("config/people.json"))
                .doesNotContain("SERAI_CONNECT_RATE");
    }

    /** What Serai comes with is what a deployment must hold: jar and libraries beside routes and config. */
    @Test
    void intake_ofAShippedMapping_isFromSeraisFolderOn() throws Exception {
        copy(Path.of("config/mappings"), home.resolve("config/mappings"));
        Files.writeString(home.resolve("config/calls.csv"), "key,character_id\n*,museum-guide\n");
        Files.write(
                home.resolve("config/application.properties"),
                List.of(
                        "serai.intake.calls.topic=calls",
                        "serai.intake.calls.mapping=amazon-connect",
                        "serai.intake.calls.table=config/calls.csv"));

        assertThat(check(ExitCode.OK, Map.of()))
                .contains("routes of the folder " + home.resolve("routes") + " can be made");
    }

    /** As with the callers' service's environment in front of a batch's file: what it overrides there is warned of. */
    @Test
    void settingsFileAndPathsThatAreTyped_areFromTheWorkingDirectoryOn() throws Exception {
        copy(RouteFiles.shippedFolder(), mine.resolve("my-routes"));
        Files.createDirectories(mine.resolve("conf"));
        Files.writeString(
                mine.resolve("conf/my.properties"),
                "serai.connect.rate=0.03\n" + String.join("\n", people("people.json")));
        Files.writeString(mine.resolve("people.json"), "{}");
        Files.writeString(mine.resolve("convai.key"), "a-key-of-this-test");

        String out = check(
                ExitCode.OK,
                Map.of("CONVAI_API_KEY_FILE", "convai.key", "SERAI_CONNECT_RATE", "5"),
                "--config",
                "conf/my.properties",
                "--set",
                "serai.routes-dir=my-routes");

        assertThat(out)
                .contains("routes of the folder my-routes ", "source people (file people.json")
                .containsPattern("warning +settings +serai.connect.rate has another value in the environment as"
                        + " SERAI_CONNECT_RATE than in conf/my.properties, and that of the environment wins: unset"
                        + " SERAI_CONNECT_RATE unless that is meant");
    }

    @Test
    void pathThatLeadsNowhere_isNamedAsItWasGivenAndAsItWasMeant() throws Exception {
        assertThat(check(
                        ExitCode.INVALID_SETTINGS,
                        Map.of("CONVAI_API_KEY_FILE", "/run/secrets-of-nobody/convai"),
                        "--set",
                        "serai.routes-dir=my-routes"))
                .contains("\"/run/secrets-of-nobody/convai\" (environment CONVAI_API_KEY_FILE)")
                .contains("\"my-routes\" (command line), which is "
                        + mine.toRealPath().resolve("my-routes"));
        try (JavaProcess check = start(Map.of(), "--config", "none.properties")) {
            assertThat(check.exitCode()).isEqualTo(ExitCode.WRONG_USAGE);
            assertThat(check.errors()).contains("none.properties, which is ", mine.getFileName() + "/none.properties");
        }
    }

    private static List<String> people(String path) {
        return List.of(
                "serai.sources.people.type=file",
                "serai.sources.people.path=" + path,
                "serai.enrich.dynamic-info-source=people");
    }

    private String check(int exitCode, Map<String, String> environment, String... arguments) throws Exception {
        try (JavaProcess check = start(environment, arguments)) {
            List<String> out = new ArrayList<>();
            String line;
            do {
                line = check.readLine();
                out.add(line);
            } while (!line.contains("not checked: "));
            assertThat(check.exitCode()).as(out.toString()).isEqualTo(exitCode);
            assertThat(check.errors()).as("of an address where nobody can be").doesNotContain("127.0.0.1:0");
            return String.join("\n", out);
        }
    }

    private JavaProcess start(Map<String, String> environment, String... arguments) {
        String classPath = Arrays.stream(JavaProcess.classPath().split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
        List<String> all = new ArrayList<>(List.of("check", "--set", "serai.http.port=0"));
        all.addAll(List.of(arguments));
        return JavaProcess.startIn(
                mine, List.of("-Dserai.home=" + home), classPath, environment, Serai.class, all.toArray(String[]::new));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }
}
