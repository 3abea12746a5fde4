package dev.serai.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what a file's columns are. */
final class RowOptions {
    @Option(
            names = "--map",
            paramLabel = "COLUMN=FIELD",
            description =
                    "A column of another name than its field, such as figure=character_id, note=dynamic_info.text or"
                            + " learner=conversation_key. Repeatable.")
    private Map<String, String> columns = new LinkedHashMap<>();

    @Option(
            names = "--row-id",
            paramLabel = "COLUMN",
            description = "The column that names each row, once; also its conversation, where no column is"
                    + " conversation_key (default: rows have numbers only).")
    private @Nullable String rowId;

    @Option(
            names = "--null",
            paramLabel = "TEXT",
            description = "The text that stands for null; an empty cell is absent (default: no text does).")
    private @Nullable String nullText;

    @Option(
            names = "--skip-invalid",
            description = "Leave bad rows out, and go on with the others (default: one bad row, and nothing is sent).")
    private boolean skipsInvalid;

    Map<String, String> columns() {
        return columns;
    }

    @Nullable
    String rowId() {
        return rowId;
    }

    @Nullable
    String nullText() {
        return nullText;
    }

    boolean skipsInvalid() {
        return skipsInvalid;
    }
}
