package dev.serai.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * A text that must not reach a log, a metric or an error message: {@link #toString()} is a fixed mask, so a record
 * that holds a secret can be printed.
 *
 * <p>Equality takes the same time wherever two secrets of one length differ. Immutable, safe for use by several threads.
 */
public final class Secret {
    /** What is printed in place of every secret, whatever its length. */
    public static final String MASK = "********";

    private final String value;

    /** @param value the secret itself; not empty */
    public Secret(String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("a secret must not be empty");
        }
        this.value = value;
    }

    /** The secret itself, for the one place that sends it. */
    public String reveal() {
        return value;
    }

    /** The same of a secret that there may not be. */
    public static @Nullable String revealed(@Nullable Secret secret) {
        return secret == null ? null : secret.reveal();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Secret secret
                && MessageDigest.isEqual(value.getBytes(UTF_8), secret.value.getBytes(UTF_8));
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return MASK;
    }
}
