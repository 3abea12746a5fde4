package dev.serai.batch.file;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The file that the user has named for results cannot be that: what it is, and what to do, is the message. It stays as it is. */
public final class UnfitFileException extends IOException {
    private static final long serialVersionUID = 1;

    UnfitFileException(String message) {
        this(message, null);
    }

    UnfitFileException(String message, @Nullable Exception cause) {
        super(message, cause);
    }
}
