package dev.serai.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.loop.UnusableFileException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class SecretFileTest {
    private static final String NO_KEY = "must hold one key of printable ASCII characters, without blanks";

    @TempDir
    Path directory;

    private Path path;
    private SecretFile file;

    @BeforeEach
    void nameTheFile() {
        path = directory.resolve("key");
        file = new SecretFile(path, SecretFile.Kind.KEY);
    }

    @Test
    void key_isReadWithoutBlanksAroundIt() throws Exception {
        Loading.write(path, "", "  c0ffee ");

        assertThat(file.read()).isEqualTo(new Secret("c0ffee"));
    }

    @Test
    void keyThatWasReplaced_isReadAgain() throws Exception {
        Loading.write(path, "old");
        assertThat(file.read()).isEqualTo(new Secret("old"));

        Loading.write(path, "new");
        assertThat(file.read()).isEqualTo(new Secret("new"));
    }

    @Test
    void missingFile_isNamed() {
        assertProblem("must be a file that exists");
    }

    @Test
    void directory_isNamed() throws Exception {
        Files.createDirectory(path);

        assertProblem("must be a file that can be read");
    }

    @ParameterizedTest
    @CsvSource({"'', must be a file that is not empty", "' ', must be a file that is not empty"})
    void emptyFile_isNamed(String content, String problem) {
        Loading.write(path, content);

        assertProblem(problem);
    }

    @ParameterizedTest
    @CsvSource({"c0ffee c0ffee", "c0ffeé"})
    void fileWithoutOneKey_isNamedWithoutItsContent(String content) {
        Loading.write(path, content);

        assertProblem(NO_KEY);
    }

    @Test
    void fileThatIsNoText_isNamedWithoutItsContent() throws Exception {
        Files.write(path, "größe".getBytes(StandardCharsets.ISO_8859_1));

        assertProblem(NO_KEY);
    }

    @Test
    void longestKey_hasEightKibibytes() throws Exception {
        Files.writeString(path, "k".repeat(8192));
        assertThat(file.read()).isEqualTo(new Secret("k".repeat(8192)));

        Files.writeString(path, "k".repeat(8193));
        assertProblem(NO_KEY);
    }

    private void assertProblem(String problem) {
        assertThatThrownBy(file::read).isInstanceOf(UnusableFileException.class).hasMessage(path + " " + problem);
    }
}
