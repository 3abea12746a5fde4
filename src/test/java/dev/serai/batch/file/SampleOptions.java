package dev.serai.batch.file;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the command says of a file's rows. */
public final class SampleOptions {
    private SampleOptions() {}

    /** Rows that become events as soon as can be, each worth a room for five minutes. */
    public static InputOptions plain() {
        return of(Map.of(), null);
    }

    /** {@link #plain}, with columns of other names, and one that is the user's own name of a row. */
    public static InputOptions of(Map<String, String> columns, @Nullable String rowId) {
        return new InputOptions(
                columns,
                Map.of(),
                rowId,
                null,
                null,
                null,
                Duration.ZERO,
                ZoneOffset.UTC,
                Duration.ofMinutes(5),
                null,
                false);
    }
}
