package dev.serai.source;

import dev.serai.wire.Provenance;
import java.time.Duration;

/** Is told what sources do, on the threads that do it: must be quick and must not throw. */
public interface SourceListener {

    /**
     * A look-up has ended, or was not begun.
     *
     * @param outcome {@code found}, {@code unknown}, or the label of why it failed
     */
    void lookedUp(String source, Piece piece, String outcome, Duration took);

    /** An event was served. */
    void served(String source, Piece piece, Provenance from);
}
