package dev.serai.cli;

import dev.serai.operate.letters.LetterFilter;
import dev.serai.settings.Durations;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that say which dead letters are meant. */
final class LetterOptions {
    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--category",
            paramLabel = "CATEGORY",
            split = ",",
            description = "Letters of this category, such as provider_unavailable, or of this class of exceptions."
                    + " Repeatable.")
    private Set<String> categories = new LinkedHashSet<>();

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Failed then or later: 2h (ago), or 2026-01-31T10:00:00Z.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Failed before then, written in the same way.")
    private @Nullable String until;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "Of this conversation; a key that is not UTF-8 as 0x and hexadecimal digits.")
    private @Nullable String key;

    @Option(names = "--tenant", paramLabel = "NAME", description = "Of events of this tenant.")
    private @Nullable String tenant;

    @Option(
            names = "--text",
            paramLabel = "TEXT",
            description = "With this in value, detail, key or event id, in whatever case.")
    private @Nullable String text;

    /** Wrong usage is found by asking. */
    @SuppressWarnings("NullAway") // it does not see the annotations of a record's arrays, which may be null
    LetterFilter filter(InstantSource clock) {
        return new LetterFilter(
                categories,
                time("--since", since, clock),
                time("--until", until, clock),
                key == null ? null : ConversationKey.bytes(key),
                key,
                tenant,
                text);
    }

    private @Nullable Instant time(String option, @Nullable String written, InstantSource clock) {
        if (written == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(written).toInstant();
        } catch (DateTimeException e) {
            try {
                return clock.instant().minus(Durations.ofOption(written));
            } catch (IllegalArgumentException | DateTimeException f) {
                throw new ParameterException(
                        spec.commandLine(),
                        option + " must be a time such as 2026-01-31T10:00:00Z, or how long ago such as 2h, was "
                                + Printable.line(written));
            }
        }
    }
}
