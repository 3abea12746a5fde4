package dev.serai.bench;

import java.util.List;
import java.util.Locale;

/**
 * What an event may cost: a change that makes it far more expensive is seen by who makes it, and not days later. As a multiple of
 * what {@code bare} takes in the same run, as machines differ, and one and the same machine from hour to hour.
 *
 * @param timesBare above 0
 */
record CpuBound(double timesBare) {
    CpuBound {
        if (!(timesBare > 0)) {
            throw new IllegalArgumentException("--cpu-at-most must be above 0, was " + timesBare);
        }
    }

    /** @throws IllegalArgumentException if one of the two that are compared has no turn */
    void requireBoth(List<Contender> contenders) {
        if (!contenders.containsAll(List.of(Contender.BARE, Contender.SERAI))) {
            throw new IllegalArgumentException(
                    "--cpu-at-most needs bare and serai among --contenders, were " + contenders);
        }
    }

    /** @throws BenchFailure if {@code serai} has taken more */
    void check(List<Measured> medians) {
        double bare = cpuMillis(Contender.BARE, medians);
        double serai = cpuMillis(Contender.SERAI, medians);
        if (serai > timesBare * bare) {
            throw new BenchFailure(String.format(
                    Locale.ROOT,
                    "serai takes %.2f ms of CPU per event, %.1f times as much as bare (%.2f ms): at most %.1f times are"
                            + " allowed (--cpu-at-most)",
                    serai,
                    serai / bare,
                    bare,
                    timesBare));
        }
    }

    private static double cpuMillis(Contender contender, List<Measured> medians) {
        return medians.stream()
                .filter(median -> median.contender() == contender)
                .findFirst()
                .orElseThrow()
                .cpuMillis();
    }
}
