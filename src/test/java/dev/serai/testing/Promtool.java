package dev.serai.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Prometheus' own checker, where it is installed; {@code .ci/run} sees that it is, and names it in {@code PROMTOOL}. */
public final class Promtool {
    private final Path program;

    private Promtool(Path program) {
        this.program = program;
    }

    /**
     * The one that {@code PROMTOOL} names, else that of the path.
     *
     * @throws AssertionError if {@code PROMTOOL} names none that there is: who names it wants it used
     */
    public static Optional<Promtool> find() {
        String named = System.getenv("PROMTOOL");
        if (named != null && !named.isEmpty()) {
            if (!Files.isExecutable(Path.of(named))) {
                throw new AssertionError("PROMTOOL is no program: " + named);
            }
            return Optional.of(new Promtool(Path.of(named)));
        }
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, "promtool"))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Promtool::new);
    }

    /** What it says when it is given that input, and its exit code; empty if it has nothing to say. */
    public String complaints(String input, String... arguments) throws IOException, InterruptedException {
        Path in = Files.createTempFile("promtool", ".in");
        Path out = Files.createTempFile("promtool", ".out");
        try {
            Files.writeString(in, input, UTF_8);
            List<String> command = Stream.concat(Stream.of(program.toString()), Arrays.stream(arguments))
                    .toList();
            Process process = new ProcessBuilder(command)
                    .redirectInput(in.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
            int exitCode = process.waitFor();
            String said = Files.readString(out, UTF_8);
            return exitCode == 0 && said.isBlank() ? "" : "exit code " + exitCode + ": " + said;
        } finally {
            Files.delete(in);
            Files.delete(out);
        }
    }
}
