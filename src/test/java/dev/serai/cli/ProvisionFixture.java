package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.settings.KafkaSettings;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.TypedCommands;
import dev.serai.trial.standin.RecordedCall;
import dev.serai.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** A running service, and commands about its jobs. For one thread. */
final class ProvisionFixture implements AutoCloseable {
    final RunningSerai serai;
    final TypedCommands commands = new TypedCommands();

    ProvisionFixture(Map<String, String> settings) {
        serai = new RunningSerai(RunningSerai.withoutSources(settings));
    }

    /** Where the service's topics are, as settings of a command. */
    Map<String, String> settings() {
        KafkaSettings kafka = serai.settings().kafka();
        return Map.of(
                "serai.kafka.bootstrap-servers", serai.bootstrapServers(),
                "serai.kafka.start-topic", kafka.startTopic(),
                "serai.kafka.reply-topic", kafka.replyTopic(),
                "serai.kafka.dead-letter-topic", kafka.deadLetterTopic(),
                "serai.kafka.session-topic", kafka.sessionTopic(),
                "serai.kafka.job-topic", kafka.jobTopic(),
                "serai.kafka.job-row-topic", kafka.jobRowTopic(),
                "serai.kafka.group-id", kafka.groupId(),
                "serai.kafka.partitions", "4");
    }

    /** Runs {@code serai provision …}; what it says is all that {@link #commands} keep. */
    int execute(Object... arguments) {
        commands.forget();
        List<String> words = new ArrayList<>(List.of("provision"));
        Arrays.stream(arguments).map(String::valueOf).forEach(words::add);
        List<String> settings = new ArrayList<>();
        settings().forEach((key, value) -> settings.add(key + "=" + value));
        return commands.run(settings, words);
    }

    /** The id that the last command has printed first. */
    String job() {
        return commands.out().lines().findFirst().orElseThrow(() -> new AssertionError(commands.err()));
    }

    /** Results by their rows; each row once. */
    record Results(Map<Integer, JsonNode> rows) {
        JsonNode get(int row) {
            return Objects.requireNonNull(rows.get(row), "no result of row " + row);
        }

        Collection<JsonNode> values() {
            return rows.values();
        }
    }

    static Results results(Path jsonLines) throws IOException {
        Map<Integer, JsonNode> results = new HashMap<>();
        for (String line : Files.readAllLines(jsonLines)) {
            JsonNode result = Json.MAPPER.readTree(line);
            assertThat(results.put(result.path("row").asInt(), result)).as(line).isNull();
        }
        return new Results(results);
    }

    /** Characters that the provider was asked for, by the user of each call; the closing of a room is no such call. */
    Map<String, List<String>> calledFor() {
        return serai.standIn().calls().stream()
                .filter(call -> call.characterId() != null)
                .map(RecordedCall::body)
                .map(ProvisionFixture::json)
                .collect(Collectors.groupingBy(
                        call -> call.path("end_user_id").asText(),
                        Collectors.mapping(call -> call.path("character_id").asText(), Collectors.toList())));
    }

    private static JsonNode json(String body) {
        try {
            return Json.MAPPER.readTree(body);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        serai.close();
    }
}
