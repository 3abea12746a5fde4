package dev.serai.connect.gate;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How many sessions the plan of a gate's credentials allows. The numbers are of the whole fleet; each replica takes its
 * {@link Share}.
 *
 * @param most at least 1; null where nobody has said it, and only the provider's answers tell
 * @param idle how long after its opening a session counts that nobody says anything of
 * @param liveReserve so many slots batch events leave free; less than {@code most}
 */
public record SessionRules(@Nullable Integer most, Duration idle, int liveReserve) {
    /** Of which live callers and batch events may take all. */
    public SessionRules(int most, Duration idle) {
        this(most, idle, 0);
    }
}
