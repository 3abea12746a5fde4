package dev.serai.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.check.Checked;
import dev.serai.check.Problem;
import dev.serai.wire.Json;
import dev.serai.wire.Secrets;
import java.util.List;

/** What was found in files, for people and for machines. Immutable. */
record FileReport(List<Checked> checked) {
    private static final String INDENT = "         ";

    int exitCode() {
        return problems() == 0 ? ExitCode.OK : ExitCode.FAILED;
    }

    private int problems() {
        return checked.stream().mapToInt(file -> file.problems().size()).sum();
    }

    /** Lines, with a summary at the end. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (Checked file : checked) {
            line(
                    text,
                    verdict(file) + " ".repeat(INDENT.length() - verdict(file).length()),
                    file.file() + ": " + file.summary());
            file.results().forEach(result -> add(text, result));
            file.problems().forEach(problem -> line(text, INDENT, problem.place() + ": " + problem.text()));
        }
        int problems = problems();
        return text.append(
                        problems == 0
                                ? "Nothing is wrong"
                                : problems + (problems == 1 ? " thing is wrong" : " things are wrong"))
                .append("; files looked at: ")
                .append(checked.size())
                .toString();
    }

    private static String verdict(Checked file) {
        return !file.problems().isEmpty() ? "wrong" : file.isChecked() ? "ok" : "not run";
    }

    private static void add(StringBuilder text, Checked.Result result) {
        if (result.line() > 0) {
            line(text, INDENT, "line " + result.line());
        }
        for (Checked.Part part : result.parts()) {
            if (part.value().isContainerNode()) {
                // Masked as JSON, which masking it as text would break.
                printed(text, INDENT, part.title() + ": " + indented(part.value()));
            } else {
                line(text, INDENT, part.title() + ": " + part.value().asText());
            }
        }
        result.notes().forEach(note -> line(text, INDENT, "note: " + note));
    }

    private static void line(StringBuilder text, String beginning, String line) {
        printed(text, beginning, Secrets.inLog(line));
    }

    private static void printed(StringBuilder text, String beginning, String line) {
        text.append(beginning)
                .append(Printable.withBreaks(line).replace("\n", "\n" + INDENT))
                .append('\n');
    }

    private static String indented(JsonNode value) {
        try {
            return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was parsed cannot be written: " + e.getOriginalMessage(), e);
        }
    }

    /** One object: {@code exit_code}, {@code files} and {@code problems}. */
    String json() {
        ObjectNode all = Json.MAPPER.createObjectNode().put("exit_code", exitCode());
        ArrayNode files = all.putArray("files");
        ArrayNode problems = all.putArray("problems");
        for (Checked file : checked) {
            ObjectNode described = files.addObject()
                    .put("file", file.file().toString())
                    .put("kind", file.kind().label())
                    .put("verdict", verdict(file))
                    .put("summary", Secrets.inLog(file.summary()));
            ArrayNode results = described.putArray("results");
            file.results().forEach(result -> add(results.addObject(), result));
            file.problems().forEach(problem -> add(problems.addObject(), problem));
        }
        return Printable.line(Json.text(all));
    }

    private static void add(ObjectNode described, Checked.Result result) {
        if (result.line() > 0) {
            described.put("line", result.line());
        }
        result.parts().forEach(part -> described.set(part.name(), part.value()));
        ArrayNode notes = described.putArray("notes");
        result.notes().forEach(note -> notes.add(Secrets.inLog(note)));
    }

    private static void add(ObjectNode described, Problem problem) {
        described.put("file", problem.file().toString());
        if (problem.line() > 0) {
            described.put("line", problem.line());
        }
        if (problem.column() > 0) {
            described.put("column", problem.column());
        }
        if (!problem.path().isEmpty()) {
            described.put("path", problem.path());
        }
        described.put("text", Secrets.inLog(problem.text()));
    }
}
