package dev.serai.observe;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** What the provider's last answer meant, for health. Thread-safe. */
public final class LastCall {
    private final AtomicReference<Outcome> last = new AtomicReference<>();

    /**
     * One call.
     *
     * @param credentialsRefused whether the API key or the account was refused, so that every other call would be, too
     */
    public record Outcome(String label, Instant at, boolean credentialsRefused) {}

    public void record(Outcome outcome) {
        last.set(outcome);
    }

    /** Empty before the first call. */
    public Optional<Outcome> outcome() {
        return Optional.ofNullable(last.get());
    }
}
