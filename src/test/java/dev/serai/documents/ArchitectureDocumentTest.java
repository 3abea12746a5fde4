package dev.serai.documents;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The page about the code's layout names what there is. */
@Timeout(120)
class ArchitectureDocumentTest {
    private static final Path DOCUMENT = Path.of("src/docs/architecture.md");
    private static final Path MAIN = Path.of("src/main/java/dev/serai");

    @Test
    void classesOfThePage_areThere() throws IOException {
        Set<String> classes = names(Path.of("src"));

        assertThat(matches("`([A-Z][a-z]\\w+)`|\\b((?:[A-Z][a-z]+){2,})\\b"))
                .hasSizeGreaterThan(50)
                .isSubsetOf(classes);
    }

    /** With their folders, as the page names them. */
    @Test
    void classesWithAFolder_areInIt() throws IOException {
        assertThat(matches("`((?:[a-z]+/)+[A-Z]\\w+)`"))
                .hasSizeGreaterThan(50)
                .allSatisfy(path -> assertThat(MAIN.resolve(path + ".java")).exists());
    }

    @Test
    void everySliceWithClasses_hasARow() throws IOException {
        try (Stream<Path> files = Files.walk(MAIN)) {
            Set<String> packages = files.filter(file -> file.toString().endsWith(".java"))
                    .map(file -> MAIN.relativize(file.getParent()).toString().replace('/', '.'))
                    .filter(name -> !name.isEmpty())
                    .collect(toSet());

            assertThat(matches("(?m)^\\| `([a-z.]+)` \\|")).isEqualTo(packages);
        }
    }

    /** Of the main classes, and of those of tests. */
    private static Set<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .collect(toSet());
        }
    }

    private static Set<String> matches(String pattern) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(DOCUMENT))
                .results()
                .map(match -> match.group(1) != null ? match.group(1) : match.group(2))
                .collect(toSet());
    }
}
