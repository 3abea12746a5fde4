package dev.serai.check;

import dev.serai.dialect.mapping.InvalidMappingException;
import dev.serai.dialect.mapping.LookUp;
import dev.serai.dialect.mapping.LookUpRows;
import dev.serai.dialect.mapping.Mapping;
import dev.serai.loop.UnusableFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Loads mappings as the service does. Immutable. */
final class MappingFiles {
    private final Given given;
    private final TableFiles tables;

    MappingFiles(Given given, TableFiles tables) {
        this.given = given;
        this.tables = tables;
    }

    /**
     * A mapping that was loaded, or why it was not.
     *
     * @param mapping null if there are problems
     */
    record Loaded(Path file, @Nullable Mapping mapping, List<Problem> problems) {
        Loaded {
            problems = List.copyOf(problems);
        }

        /** @param isRun whether somebody sees what it makes */
        Checked checked(boolean isRun) {
            String summary = mapping == null
                    ? "a mapping that cannot be used"
                    : "a mapping that can be used"
                            + (isRun ? "" : "; give a raw record behind it to see what it makes of that");
            return Checked.withoutResults(file, FileKind.MAPPING, summary, problems);
        }
    }

    /** @param looksUpIn its table; null if it has none */
    Loaded load(Path file, @Nullable Path looksUpIn) {
        LookUp rows = LookUp.none();
        if (looksUpIn != null) {
            try {
                LookUpRows read = tables.rows(looksUpIn);
                if (!read.problems().isEmpty()) {
                    return new Loaded(file, null, List.of(unusable(file, looksUpIn)));
                }
                rows = read;
            } catch (UnusableFileException e) {
                return new Loaded(file, null, List.of(unusable(file, looksUpIn)));
            }
        }
        try {
            return new Loaded(file, Mapping.load(file, given.context().apply(rows)), List.of());
        } catch (InvalidMappingException e) {
            return new Loaded(file, null, Problem.of(file, e));
        }
    }

    private static Problem unusable(Path file, Path table) {
        return Problem.of(
                file, "was not run: its table " + table + " cannot be used; ./serai check " + table + " says why");
    }
}
