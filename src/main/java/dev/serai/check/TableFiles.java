package dev.serai.check;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.check.Checked.Part;
import dev.serai.check.Checked.Result;
import dev.serai.dialect.mapping.LookUp;
import dev.serai.dialect.mapping.LookUpRows;
import dev.serai.loop.UnusableFileException;
import dev.serai.wire.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** Looks at look-up tables of intakes. Immutable. */
final class TableFiles {
    private static final String CHARACTER_ID = "character_id";
    private static final String TENANT = "tenant";
    private static final String IGNORE = "ignore";

    private final Given given;

    TableFiles(Given given) {
        this.given = given;
    }

    /** @throws UnusableFileException if the file holds no rows by key */
    LookUpRows rows(Path file) throws UnusableFileException {
        return LookUpRows.read(file, given.country());
    }

    Checked check(Path file) {
        LookUpRows rows;
        try {
            rows = rows(file);
        } catch (UnusableFileException e) {
            return Checked.withoutResults(
                    file, FileKind.TABLE, "a look-up table that cannot be used", List.of(Problem.of(file, e)));
        }
        List<Problem> problems = problems(file, rows);
        int count = rows.all().size();
        boolean hasDefault = rows.row(LookUp.OTHERWISE) != null;
        ArrayNode columns = Json.MAPPER.createArrayNode();
        rows.columns().forEach(columns::add);
        return new Checked(
                file,
                FileKind.TABLE,
                true,
                "a look-up table of " + count + (count == 1 ? " row" : " rows"),
                List.of(new Result(
                        0,
                        List.of(
                                new Part("rows", "rows", IntNode.valueOf(count)),
                                new Part("columns", "columns", columns),
                                new Part(
                                        "default_row",
                                        "row * for keys that have none",
                                        BooleanNode.valueOf(hasDefault))),
                        notes(rows, hasDefault))),
                problems);
    }

    private List<Problem> problems(Path file, LookUpRows rows) {
        List<Problem> problems = new ArrayList<>();
        Set<String> said = new HashSet<>();
        for (LookUpRows.Problem problem : rows.problems()) {
            // What is wrong with a column is wrong in each of its rows.
            if (problem.column() == null || said.add(problem.what())) {
                problems.add(Problem.at(
                        file,
                        pointer(problem.key()) + (problem.column() == null ? "" : pointer(problem.column())),
                        problem.what()));
            }
        }
        new TreeMap<>(rows.all()).forEach((key, row) -> {
            String tenant = row.path(TENANT).asText("");
            if (row.path(TENANT).isTextual() && !given.tenants().contains(tenant)) {
                problems.add(Problem.at(
                        file,
                        pointer(key) + pointer(TENANT),
                        "\"" + tenant
                                + "\" is no tenant of the settings: every event of this row would be refused; mend it, or set"
                                + " serai.tenants." + tenant + ".*"));
            }
        });
        return problems;
    }

    private static String pointer(String name) {
        return "/" + name.replace("~", "~0").replace("/", "~1");
    }

    private static List<String> notes(LookUpRows rows, boolean hasDefault) {
        List<String> notes = new ArrayList<>();
        if (!rows.columnsOfMapping().isEmpty()) {
            notes.add("columns that only the mapping can use: " + String.join(", ", rows.columnsOfMapping()));
        }
        long without =
                rows.all().values().stream().filter(TableFiles::needsCharacter).count();
        if (without > 0) {
            notes.add(without + (without == 1 ? " row names" : " rows name")
                    + " no character_id: the mapping, or serai.intake.NAME.character-id, must");
        }
        if (!hasDefault) {
            notes.add("no row *: of a key that is not there, $row finds nothing");
        }
        return notes;
    }

    private static boolean needsCharacter(ObjectNode row) {
        return !row.hasNonNull(CHARACTER_ID) && !row.path(IGNORE).asBoolean();
    }
}
