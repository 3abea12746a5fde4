package dev.serai.trial.prove;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.testing.RouteFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class TrialRoutesTest {
    @TempDir
    private Path from;

    @TempDir
    private Path to;

    private void copyShipped() throws IOException {
        for (Path file : RouteFiles.all()) {
            Files.copy(file, from.resolve(file.getFileName()));
        }
    }

    @Test
    void shippedRoutes_areTaken_andRoutesOfOnesOwnLeftOut() throws IOException {
        copyShipped();
        Files.writeString(from.resolve("mine.camel.yaml"), "- route:\n    from:\n      uri: kafka:calls\n");

        TrialRoutes.copy(from, to);

        try (Stream<Path> copies = Files.list(to)) {
            assertThat(copies.map(file -> file.getFileName().toString()))
                    .contains("start-conversation.camel.yaml", "reply.camel.yaml", "reject.camel.yaml")
                    .noneMatch(name -> name.contains("mine") || name.contains("intake") || name.contains("source"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "        - to:\n            uri: kafka:audit\n",
                "        - to:\n            uri: kafka\n            parameters:\n              topic: audit\n",
                "        - to: http://crm.example/hook\n",
                "        - toD: \"{{baseUrl}}/x\"\n        - to:\n            uri: \"{{baseUrl}}\"\n",
                "        - wireTap:\n            uri: file:/var/copies # of all\n"
            })
    void routeThatUsesSomethingElse_isRefused(String step) throws IOException {
        copyShipped();
        Path reply = from.resolve("reply.camel.yaml");
        Files.writeString(reply, Files.readString(reply) + step);

        assertThatThrownBy(() -> TrialRoutes.copy(from, to))
                .isInstanceOf(TrialRefusedException.class)
                .hasMessageContainingAll(reply.toString(), "--set serai.routes-dir=FOLDER");
    }

    @Test
    void folderWithoutThem_isRefused() {
        assertThatThrownBy(() -> TrialRoutes.copy(from, to))
                .isInstanceOf(TrialRefusedException.class)
                .hasMessageContaining("there is no route file " + from);
    }
}
