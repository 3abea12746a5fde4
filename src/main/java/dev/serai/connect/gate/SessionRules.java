package dev.serai.connect.gate;

import java.time.Duration;

/**
 * How many sessions the plan of a gate's credentials allows.
 *
 * @param most of the whole fleet, at least 1; each replica takes its {@link Share}
 * @param idle how long after its opening a session counts that nobody says anything of
 */
public record SessionRules(int most, Duration idle) {}
