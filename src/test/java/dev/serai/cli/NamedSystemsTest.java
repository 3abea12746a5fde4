package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class NamedSystemsTest {
    @TempDir
    Path directory;

    /** One file for Serai and for {@code kafka-console-consumer --command-config}: both must read the same password. */
    @Test
    void clientProperties_areReadAsKafkasOwnToolsDo() throws Exception {
        Path file = Files.write(
                directory.resolve("client.properties"),
                "sasl.jaas.config=password=\"schl\u00fcssel\\u20ac\"\nssl.protocol=TLS"
                        .getBytes(StandardCharsets.ISO_8859_1));

        assertThat(NamedSystems.kafkaProperties(file, "a:1"))
                .containsEntry("sasl.jaas.config", "password=\"schl\u00fcssel\u20ac\"")
                .containsEntry("ssl.protocol", "TLS")
                .containsEntry("bootstrap.servers", "a:1");
    }
}
