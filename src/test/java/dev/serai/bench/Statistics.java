package dev.serai.bench;

import java.util.Arrays;

/** Order statistics of small samples. */
final class Statistics {
    private Statistics() {}

    /**
     * The smallest value of the sample that at least this share of the sample does not exceed: no value in between.
     *
     * @param share above 0, at most 1
     */
    static double percentile(double[] sample, double share) {
        if (sample.length == 0) {
            throw new IllegalArgumentException("no sample");
        }
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("the share must be above 0 and at most 1, was " + share);
        }
        double[] sorted = sorted(sample);
        return sorted[(int) Math.ceil(share * sorted.length) - 1];
    }

    /** The middle one, or the mean of the middle two. */
    static double median(double[] sample) {
        if (sample.length == 0) {
            throw new IllegalArgumentException("no sample");
        }
        double[] sorted = sorted(sample);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    private static double[] sorted(double[] sample) {
        double[] sorted = sample.clone();
        Arrays.sort(sorted);
        return sorted;
    }
}
