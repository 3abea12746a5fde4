package dev.serai.trial.guarantee;

import java.time.Instant;

/**
 * The end of a process that could not prepare for it.
 *
 * @param at when it was known to be gone: later than its last instruction
 */
public record Kill(String process, Instant at) {}
