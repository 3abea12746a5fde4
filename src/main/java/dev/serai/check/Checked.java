package dev.serai.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;

/**
 * What was found in one file. Immutable; secrets are masked in what is shown.
 *
 * @param kind what the file was taken for
 * @param isChecked whether it could be looked at; not where what it needs cannot be used
 * @param summary what it holds, in a few words
 * @param results of each event or record in it
 */
public record Checked(
        Path file, FileKind kind, boolean isChecked, String summary, List<Result> results, List<Problem> problems) {
    public Checked {
        results = List.copyOf(results);
        problems = List.copyOf(problems);
    }

    static Checked not(Path file, FileKind kind, String summary) {
        return new Checked(file, kind, false, summary, List.of(), List.of());
    }

    static Checked withoutResults(Path file, FileKind kind, String summary, List<Problem> problems) {
        return new Checked(file, kind, true, summary, List.of(), problems);
    }

    /**
     * What becomes of one event or record.
     *
     * @param line where it is; 0 if the file has nothing else
     * @param notes what is worth knowing, and not wrong
     */
    public record Result(long line, List<Part> parts, List<String> notes) {
        public Result {
            parts = List.copyOf(parts);
            notes = List.copyOf(notes);
        }
    }

    /**
     * Something to be shown.
     *
     * @param name for machines
     * @param title for people
     */
    public record Part(String name, String title, JsonNode value) {}
}
