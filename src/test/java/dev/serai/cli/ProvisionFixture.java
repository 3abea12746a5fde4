package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.settings.SeraiSettings;
import dev.serai.testing.RunningSerai;
import dev.serai.trial.standin.RecordedCall;
import dev.serai.wire.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
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
    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();

    ProvisionFixture(Map<String, String> settings) {
        serai = new RunningSerai(RunningSerai.withoutSources(settings));
    }

    /** Where the service's topics are, as settings of a command. */
    Map<String, String> settings() {
        SeraiSettings.Kafka kafka = serai.settings().kafka();
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

    /** Runs {@code serai provision …}; what it says is in {@link #out} and {@link #err}, and nothing else. */
    int execute(Object... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> all = new ArrayList<>(List.of("provision", String.valueOf(arguments[0])));
        settings().forEach((key, value) -> all.addAll(List.of("--set", key + "=" + value)));
        // Of two settings of one name the last one counts.
        Arrays.stream(arguments).skip(1).map(String::valueOf).forEach(all::add);
        all.addAll(List.of("--config", "/dev/null"));
        return SeraiCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }

    /** The id that the last command has printed first. */
    String job() {
        return out.toString().lines().findFirst().orElseThrow(() -> new AssertionError(err));
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
