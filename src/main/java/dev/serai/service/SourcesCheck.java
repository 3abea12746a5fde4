package dev.serai.service;

import dev.serai.service.Finding.Subject;
import dev.serai.service.Finding.Verdict;
import dev.serai.source.kind.SourceTrials;
import dev.serai.source.kind.Sources;
import java.util.ArrayList;
import java.util.List;

/** Looks at the sources of enrichment without asking them for anything. */
final class SourcesCheck {
    private SourcesCheck() {}

    static List<Finding> look(Sources sources, Backends backends) throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        if (backends.hasStandIn()) {
            add(
                    findings,
                    Verdict.NOT_CHECKED,
                    "the sample scenes and customers of the stand-in, which a check does not start");
        }
        List<SourceTrials.Trial> trials = sources.trials().stream()
                .filter(trial -> !Sources.isSample(trial.source()))
                .toList();
        for (SourceTrials.Tried tried : SourceTrials.all(trials)) {
            String source =
                    "source " + tried.trial().source() + " (" + tried.trial().place() + ")";
            tried.warning()
                    .ifPresentOrElse(
                            warning -> add(findings, Verdict.WRONG, warning),
                            () -> add(findings, Verdict.OK, source + " can be used; it was asked nothing"));
        }
        sources.files()
                .forEach((name, file) -> add(findings, Verdict.OK, "source " + name + " (file " + file + ") was read"));
        sources.ownRoutes()
                .forEach((name, route) -> add(
                        findings,
                        Verdict.NOT_CHECKED,
                        "source " + name + ": the route " + route + " of your own was not called"));
        return findings;
    }

    private static void add(List<Finding> findings, Verdict verdict, String text) {
        findings.add(new Finding(Subject.SOURCES, verdict, text));
    }
}
