package dev.serai.source;

/**
 * A required source failed until there was no more time, or refused what it was asked for. The message may go into replies:
 * of the failure it says what was seen from here, and nothing that the source said.
 */
public final class EnrichmentFailedException extends Exception {
    private static final long serialVersionUID = 1;

    private EnrichmentFailedException(Source<?> source, String lookUps, SourceFailedException last) {
        super(
                "the source %s of %s %s (%s)"
                        .formatted(source.name(), source.piece().label(), last.text(), lookUps),
                last);
    }

    static EnrichmentFailedException tooLate(Source<?> source, int lookUps, SourceFailedException last) {
        return new EnrichmentFailedException(source, counted(lookUps) + " until the deadline", last);
    }

    static EnrichmentFailedException refused(Source<?> source, int lookUps, SourceFailedException last) {
        return new EnrichmentFailedException(source, counted(lookUps) + ", for it would refuse that again", last);
    }

    private static String counted(int lookUps) {
        return lookUps + (lookUps == 1 ? " look-up" : " look-ups");
    }
}
