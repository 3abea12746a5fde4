package dev.serai.trial.guarantee;

import java.util.ArrayList;
import java.util.List;

/** What is wrong with a run, for people: the number of breaches of each guarantee, and the first few of them. */
public final class Report {
    private static final int EXAMPLES = 5;

    private final List<String> lines = new ArrayList<>();

    private Report() {}

    public static Report of(History history, List<Guarantee> guarantees) {
        Report report = new Report();
        guarantees.forEach(guarantee -> report.add(guarantee.name(), guarantee.breaches(history)));
        return report;
    }

    private void add(String guarantee, List<String> breaches) {
        if (breaches.isEmpty()) {
            return;
        }
        lines.add(guarantee + ": " + breaches.size() + (breaches.size() == 1 ? " breach" : " breaches"));
        breaches.stream().limit(EXAMPLES).forEach(breach -> lines.add("  " + breach));
        if (breaches.size() > EXAMPLES) {
            lines.add("  …");
        }
    }

    public boolean isClean() {
        return lines.isEmpty();
    }

    @Override
    public String toString() {
        return isClean() ? "every guarantee was kept" : String.join(System.lineSeparator(), lines);
    }
}
