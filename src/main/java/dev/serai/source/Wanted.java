package dev.serai.source;

/**
 * What a source is asked for; all that its answer may depend on.
 *
 * @param tenant whose event it is
 * @param reference the event's {@code scene_ref} or {@code context_ref}
 */
public record Wanted(String tenant, String reference) {

    /** The tenant only: a reference can be a person's. */
    @Override
    public String toString() {
        return "Wanted[" + tenant + "]";
    }
}
