package dev.serai.testing;

import dev.serai.cli.SeraiCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

/** Runs commands of {@code serai} within this JVM, as they are typed, and keeps what they say. For one thread. */
public final class TypedCommands {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /**
     * Exactly these words.
     *
     * @return the exit code
     */
    public int run(List<String> words) {
        return SeraiCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(words.toArray(String[]::new));
    }

    /**
     * With these settings, as {@code KEY=VALUE}, but for those that the words set themselves, and with those of no file that the
     * words do not name.
     *
     * @return the exit code
     */
    public int run(List<String> settings, List<String> words) {
        List<String> all = new ArrayList<>(words);
        for (String setting : settings) {
            String assignment = setting.substring(0, setting.indexOf('=') + 1);
            if (words.stream().noneMatch(word -> word.startsWith(assignment))) {
                all.addAll(List.of("--set", setting));
            }
        }
        if (!all.contains("--config")) {
            all.addAll(List.of("--config", "/dev/null"));
        }
        return run(all);
    }

    /** {@link #run(List, List)} of a command with arguments. */
    public int run(List<String> settings, String command, String... arguments) {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(List.of(arguments));
        return run(settings, words);
    }

    /** What comes next is all that was said. */
    public void forget() {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
    }

    /** All that was said on standard output. */
    public String out() {
        return out.toString();
    }

    /** All that was said on standard error. */
    public String err() {
        return err.toString();
    }
}
