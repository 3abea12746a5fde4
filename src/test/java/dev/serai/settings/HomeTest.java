package dev.serai.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class HomeTest {
    @TempDir
    private Path directory;

    private Path project;
    private Path jar;
    private Path elsewhere;

    @BeforeEach
    void createFolders() throws IOException {
        project = Files.createDirectories(directory.resolve("project"));
        jar = Files.createDirectories(project.resolve("target")).resolve("serai.jar");
        elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
        addRoutes(project);
    }

    @Test
    void folderThatIsNamed_isIt() {
        assertThat(Home.find(directory.toString(), jar, elsewhere).path()).isEqualTo(directory);
    }

    @Test
    void jarOfAProject_belongsToTheProject_whereverItIsRun() {
        assertThat(Home.find(null, jar, elsewhere).path()).isEqualTo(project);
        assertThat(Home.find(null, project.resolve("serai.jar"), elsewhere).path())
                .isEqualTo(project);
    }

    /** As it always was with {@code java -jar}: whoever has routes there means these. */
    @Test
    void workingDirectoryWithRoutes_isIt() throws IOException {
        addRoutes(elsewhere);

        assertThat(Home.find(null, jar, elsewhere).path()).isEqualTo(elsewhere);
    }

    /** Other programs have folders of that name. */
    @Test
    void routesOfAnotherProgram_areNone() throws IOException {
        Files.writeString(Files.createDirectories(elsewhere.resolve("routes")).resolve("web.php"), "");

        assertThat(Home.find(null, jar, elsewhere).path()).isEqualTo(project);
    }

    @Test
    void nothingFound_isTheWorkingDirectory() {
        assertThat(Home.find(null, directory.resolve("lib/serai.jar"), elsewhere)
                        .path())
                .isEqualTo(elsewhere);
        assertThat(Home.find(null, project.resolve("target/classes"), elsewhere).path())
                .isEqualTo(elsewhere);
    }

    private static void addRoutes(Path folder) throws IOException {
        Files.writeString(
                Files.createDirectories(folder.resolve("routes")).resolve("start-conversation.camel.yaml"), "");
    }
}
