package dev.serai.source;

/**
 * A required source failed until there was no more time. The message may go into replies: of the failure it says what was
 * seen from here, and nothing that the source said.
 */
public final class EnrichmentFailedException extends Exception {
    private static final long serialVersionUID = 1;

    EnrichmentFailedException(Source<?> source, int lookUps, SourceFailedException last) {
        super(
                "the source %s of %s %s (%d %s until the deadline)"
                        .formatted(
                                source.name(),
                                source.piece().label(),
                                last.text(),
                                lookUps,
                                lookUps == 1 ? "look-up" : "look-ups"),
                last);
    }
}
