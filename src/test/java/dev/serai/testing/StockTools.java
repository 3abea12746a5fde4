package dev.serai.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs commands of the documents in a shell, as a reader would type them. Kafka's own tools can be on the path under their
 * usual names, those of the version that the embedded broker has. Not thread-safe.
 */
public final class StockTools {
    private static final Map<String, String> TOOLS = Map.of(
            "kafka-console-producer.sh", "org.apache.kafka.tools.ConsoleProducer",
            "kafka-console-consumer.sh", "org.apache.kafka.tools.consumer.ConsoleConsumer",
            "kafka-consumer-groups.sh", "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
            "kafka-transactions.sh", "org.apache.kafka.tools.TransactionsCommand",
            "kafka-topics.sh", "org.apache.kafka.tools.TopicCommand",
            "kafka-configs.sh", "kafka.admin.ConfigCommand");

    private final Path directory;
    private final Path output;
    private final Map<String, String> environment = new HashMap<>();

    /** Earlier commands and what they said, for a reader of a failure: commands go on from one another. */
    private final StringBuilder history = new StringBuilder();

    private StockTools(Path directory) throws IOException {
        this.directory = directory;
        output = Files.createTempFile(directory, "commands", ".out");
    }

    /** Without Kafka's tools. */
    public static StockTools shell(Path directory) throws IOException {
        return new StockTools(directory);
    }

    /**
     * With Kafka's tools.
     *
     * @param directory the tools' scripts are made in it, and it is where commands run
     */
    public static StockTools withKafka(Path directory) throws IOException {
        StockTools tools = new StockTools(directory);
        ClassDataArchive archive = ClassDataArchive.ofThisJvm();
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path bin = Files.createDirectories(directory.resolve("bin"));
        for (Map.Entry<String, String> tool : TOOLS.entrySet()) {
            Path script = Files.writeString(
                    bin.resolve(tool.getKey()),
                    "#!/bin/sh\nexec " + java + " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC "
                            + String.join(" ", archive.options()) + " " + tool.getValue() + " \"$@\"\n");
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        tools.environment.put("PATH", bin + File.pathSeparator + System.getenv().getOrDefault("PATH", ""));
        tools.environment.put("CLASSPATH", archive.classPath());
        return tools;
    }

    /** Whether there is such a command on this machine. */
    public static boolean has(String command) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }

    /** Leaves a test out where one of these commands is missing; {@code .ci/run} sees to it that none is. */
    public static void assumeThereAre(String... commands) {
        for (String command : commands) {
            assumeThat(has(command)).as(command + " is needed").isTrue();
        }
    }

    /** The code blocks of a document in that language. */
    public static Stream<String> blocks(Path document, String language) throws IOException {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(document))
                .results()
                .map((MatchResult block) -> block.group(1));
    }

    /**
     * What the commands print, standard output and error together.
     *
     * @throws AssertionError if one of them fails, or they take longer than two minutes
     */
    public String run(String commands) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("bash", "-euo", "pipefail", "-c", commands)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process shell = builder.start();
        try {
            shell.getOutputStream().close();
            boolean ended = shell.waitFor(120, TimeUnit.SECONDS);
            String said = Files.readString(output);
            history.append(commands).append(said);
            assertThat(ended && shell.exitValue() == 0).as("%s", history).isTrue();
            return said;
        } finally {
            shell.descendants().forEach(ProcessHandle::destroyForcibly);
            shell.destroyForcibly();
        }
    }
}
