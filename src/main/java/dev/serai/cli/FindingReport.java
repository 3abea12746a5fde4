package dev.serai.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.service.Finding;
import dev.serai.service.Finding.Verdict;
import dev.serai.wire.Json;
import dev.serai.wire.Secrets;
import java.util.List;
import java.util.Locale;

/** What a look at all that a start looks at has found, for people and for machines. Immutable. */
record FindingReport(List<Finding> findings) {
    /** The longest of the verdicts. */
    private static final int VERDICT_WIDTH = 13;

    private static final int SUBJECT_WIDTH = 10;

    int exitCode() {
        if (count(Verdict.REFUSED) > 0) {
            return ExitCode.REFUSED;
        }
        return count(Verdict.WRONG) > 0 ? ExitCode.FAILED : ExitCode.OK;
    }

    private long count(Verdict verdict) {
        return findings.stream().filter(finding -> finding.verdict() == verdict).count();
    }

    String json() {
        ObjectNode all = Json.MAPPER.createObjectNode().put("exit_code", exitCode());
        ArrayNode list = all.putArray("findings");
        findings.forEach(finding -> list.addObject()
                .put("subject", finding.subject().label())
                .put("verdict", finding.verdict().name().toLowerCase(Locale.ROOT))
                .put("text", Secrets.inLog(finding.text())));
        return Printable.line(Json.text(all));
    }

    /** Lines, with a summary at the end. */
    String text() {
        StringBuilder lines = new StringBuilder();
        for (Finding finding : findings) {
            lines.append(Printable.row(
                    finding.verdict().label(),
                    VERDICT_WIDTH,
                    finding.subject().label(),
                    SUBJECT_WIDTH,
                    Secrets.inLog(finding.text())));
        }
        return lines.append(summary()).toString();
    }

    private String summary() {
        long wrong = count(Verdict.WRONG) + count(Verdict.REFUSED);
        return (wrong == 0
                        ? "Nothing that was looked at is wrong"
                        : wrong + (wrong == 1 ? " thing is" : " things are") + " wrong")
                + "; warnings: " + count(Verdict.WARNING)
                + ", not checked: " + count(Verdict.NOT_CHECKED);
    }
}
