package dev.serai.gate;

/**
 * Leave to make one call, to be given back to its gate exactly once. Immutable.
 *
 * @param epoch of {@link Concurrency}, as of the call's begin
 * @param credentials the version of the credentials, as of the call's begin
 * @param probe whether it is the one call that finds out whether the gate may open
 */
public record Turn(int epoch, int credentials, boolean probe) {}
