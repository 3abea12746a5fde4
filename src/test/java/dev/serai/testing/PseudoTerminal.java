package dev.serai.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * A command on a pseudo-terminal, as somebody has it who types it: its standard input, output and error are that terminal. Made
 * with {@code script} of util-linux. For one thread.
 */
public final class PseudoTerminal implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final char CTRL_C = 3;

    private final Process script;
    private final Path shown;

    private PseudoTerminal(Process script, Path shown) {
        this.script = script;
        this.shown = shown;
    }

    /** Leaves a test out where there is no such {@code script}. */
    public static void assumeThereIsOne() {
        StockTools.assumeThereAre("script");
        try {
            Process version = new ProcessBuilder("script", "--version").start();
            String said = new String(version.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assumeThat(said).as("script of util-linux is needed").contains("util-linux");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the command there, in that folder and with these variables besides the test's own. */
    public static PseudoTerminal start(Path folder, Map<String, String> environment, List<String> command) {
        String quoted = command.stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
        try {
            Path shown = Files.createTempFile("serai-test", ".terminal");
            shown.toFile().deleteOnExit();
            List<String> onTerminal = new ArrayList<>(JavaProcess.heedingInterrupts());
            onTerminal.addAll(List.of("script", "--quiet", "--return", "--flush", "-c", quoted, "/dev/null"));
            ProcessBuilder builder = new ProcessBuilder(onTerminal)
                    .directory(folder.toAbsolutePath().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(shown.toFile());
            builder.environment().keySet().removeIf(name -> name.matches("(SERAI|CONVAI|KAFKA)_.*|NO_COLOR"));
            builder.environment().put("TERM", "xterm");
            builder.environment().putAll(environment);
            return new PseudoTerminal(builder.start(), shown);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that the terminal was sent so far, control characters too. */
    public String shown() {
        try {
            return Files.readString(shown);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it shows the text. */
    public void awaitShown(String text) {
        Awaitility.await(text)
                .atMost(PATIENCE)
                .failFast(() -> {
                    if (!script.isAlive() && !shown().contains(text)) {
                        throw new AssertionError("the command ended without " + text + "; it showed: " + shown());
                    }
                })
                .until(() -> shown().contains(text));
    }

    /** Presses these keys. */
    public void type(String keys) throws IOException {
        OutputStream input = script.getOutputStream();
        input.write(keys.getBytes(StandardCharsets.UTF_8));
        input.flush();
    }

    /** As whoever sits there has enough of it. */
    public void pressCtrlC() throws IOException {
        type(String.valueOf(CTRL_C));
    }

    /** The command's, when it has ended; 128 and the signal's number if that ended it. */
    public int exitCode() throws InterruptedException {
        assertThat(script.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as(shown())
                .isTrue();
        return script.exitValue();
    }

    @Override
    public void close() {
        script.descendants().forEach(ProcessHandle::destroyForcibly);
        script.destroyForcibly().onExit().join();
    }
}
