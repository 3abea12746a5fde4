package dev.serai.connect.gate;

import dev.serai.wire.Priority;

/**
 * To make one call, to be given back to its gate exactly once. Immutable.
 *
 * @param call counts the calls of the gate, in the order of their begin
 * @param begunNanos when the call began, by the gate's clock
 * @param priority as which it was waited for
 * @param epoch of {@link Concurrency}, as of the call's begin
 * @param credentials the version of the credentials, as of the call's begin
 * @param probe whether it is the one call that finds out whether the gate may open
 * @param inOutage whether it finds out whether the provider is back
 */
public record Permit(
        long call, long begunNanos, Priority priority, int epoch, int credentials, boolean probe, boolean inOutage) {}
