package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.settings.InvalidSettingsException;
import dev.serai.settings.SeraiSettings;
import dev.serai.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What depends on the settings; PublishingTest runs what is said without any. */
class HowToPublishTest {

    @Test
    void securedKafka_isNamedWithItsFile_asOneWordOfAShell(@TempDir Path directory) throws Exception {
        Path file = clientProperties(directory.resolve("it's a folder"));

        SeraiSettings settings = settings(Map.of(
                "serai.kafka.bootstrap-servers", "b1:9093", "serai.kafka.client-properties-file", file.toString()));

        String word = "'" + directory + "/it'\\''s a folder/client.properties'";
        assertThat(HowToPublish.line(settings, "b1:9093,b2:9093"))
                .contains(
                        "producer.sh --bootstrap-server b1:9093,b2:9093 --command-config " + word + " ",
                        "consumer.sh --bootstrap-server b1:9093,b2:9093 --command-config " + word + " ");
    }

    @Test
    void topics_areThoseOfTheSettings() throws Exception {
        SeraiSettings settings =
                settings(Map.of("serai.kafka.start-topic", "batch.start", "serai.kafka.reply-topic", "batch.replies"));

        assertThat(HowToPublish.line(settings, "b:9092"))
                .contains(" --topic batch.start ", " --topic batch.replies ", "--isolation-level read_committed");
    }

    @Test
    void realProvider_isNotAskedForACharacterThatItDoesNotHave() throws Exception {
        SeraiSettings settings = Settings.load(Map.of("CONVAI_API_KEY", "a-key-of-this-test"), null, Map.of())
                .values();

        assertThat(HowToPublish.line(settings, "b:9092")).contains("YOUR-CHARACTER-ID");
        assertThat(HowToPublish.command(settings)).endsWith("--character-id YOUR-CHARACTER-ID");
    }

    private static Path clientProperties(Path folder) throws IOException {
        Files.createDirectories(folder);
        return Files.writeString(folder.resolve("client.properties"), "security.protocol=PLAINTEXT\n");
    }

    private static SeraiSettings settings(Map<String, String> values) throws InvalidSettingsException {
        return Settings.load(Map.of(), null, values).values();
    }
}
