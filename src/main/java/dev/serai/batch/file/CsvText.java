package dev.serai.batch.file;

import java.util.List;

/** Lines of CSV, as RFC 4180 has them. Stateless. */
final class CsvText {
    /** Every delimiter among them: which one a file has is seen by which its header has most of. */
    private static final String TO_BE_QUOTED = ",;\t\"\n\r";

    private CsvText() {}

    static String line(List<String> cells, char delimiter) {
        StringBuilder line = new StringBuilder();
        for (int at = 0; at < cells.size(); at++) {
            if (at > 0) {
                line.append(delimiter);
            }
            String cell = cells.get(at);
            boolean isPlain = cell.chars().noneMatch(c -> TO_BE_QUOTED.indexOf(c) >= 0)
                    && cell.equals(cell.strip())
                    && !(cell.isEmpty() && cells.size() == 1);
            line.append(isPlain ? cell : '"' + cell.replace("\"", "\"\"") + '"');
        }
        return line.append('\n').toString();
    }
}
