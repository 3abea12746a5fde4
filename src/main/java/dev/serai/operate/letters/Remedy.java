package dev.serai.operate.letters;

import dev.serai.wire.ErrorCategory;
import java.util.Arrays;
import java.util.Optional;

/** What to do about letters of one category; {@code src/docs/operations.md} says more. Stateless. */
public final class Remedy {
    private Remedy() {}

    /** Whether the same event fails again, as far as its category says. */
    static boolean failsAgain(String reason) {
        return category(reason).map(category -> !category.retryable()).orElse(false);
    }

    /** In one line. */
    public static String of(String reason) {
        return category(reason).map(Remedy::of).orElse("see the details; then replay");
    }

    private static Optional<ErrorCategory> category(String reason) {
        return Arrays.stream(ErrorCategory.values())
                .filter(category -> category.wireName().equals(reason))
                .findFirst();
    }

    private static String of(ErrorCategory category) {
        return switch (category) {
            case INVALID_EVENT -> "tell the publisher: a replay fails again";
            case EXPIRED -> "find what was waited for (the details say); replay what is still wanted";
            case CANCELLED -> "nothing: the caller has left";
            case UNAUTHORIZED -> "mend the API key, then replay";
            case FORBIDDEN -> "have the plan allow it, then replay";
            case CHARACTER_NOT_FOUND -> "have the publisher, or the tenant, name a character that there is";
            case SESSION_INVALID -> "have the publisher leave out its character_session_id";
            case SESSION_CONFLICT -> "end the room that has the shared_session_key, then replay";
            case INVALID_REQUEST -> "see the details, mostly connect_options: a replay fails again";
            case SPEAKER_LIMIT -> "a matter of the plan";
            case QUOTA_EXHAUSTED -> "raise the plan, then replay";
            case PROVIDER_BUSY -> "end sessions or buy more, then replay";
            case PROVIDER_UNAVAILABLE -> "wait for the provider, then replay";
            case OUTCOME_UNKNOWN -> "wait for the provider; a replay can make a second session";
            case PROTOCOL_ERROR -> "see what answers in the provider's place, then replay";
            case ENRICHMENT_FAILED -> "mend the source, or make it optional; then replay";
            case INTERNAL_ERROR -> "look for the ERROR line in the log: a right, or a defect; then replay";
        };
    }
}
