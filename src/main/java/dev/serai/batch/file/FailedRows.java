package dev.serai.batch.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.loop.UnusableFileException;
import dev.serai.wire.Json;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;

/** Rows of a file that have no room, as a file of the same form: to be tried again. Stateless. */
public final class FailedRows {
    private FailedRows() {}

    /**
     * That failed rows of a file can be written so.
     *
     * @throws IOException with a message for the user, if not
     */
    public static void requireFitting(Path file, Path out) throws IOException {
        PrivateFile.requireNew(out);
        RowFormat in;
        try (Rows rows = Rows.open(file)) {
            in = rows.columns() == null ? RowFormat.JSON_LINES : RowFormat.CSV;
        } catch (UnusableFileException e) {
            throw new IOException(e.getMessage(), e);
        }
        if (in != RowFormat.ofName(out)) {
            throw new IOException(out + " must have a name that ends in " + (in == RowFormat.CSV ? ".csv" : ".jsonl")
                    + ": its rows are those of " + file);
        }
    }

    /**
     * Writes them; the file has its name when all are in it.
     *
     * @param tally of all rows of the file
     * @param fileDigest of the file as it was when the job began
     * @return how many there are
     * @throws IOException with a message for the user, if the file is another one now, or cannot be read or written
     */
    public static int write(Path file, String fileDigest, ResultTally tally, Path out) throws IOException {
        BitSet wanted = tally.toBeTriedAgain();
        boolean isComplete = false;
        PrivateFile.requireNew(out);
        Path part = out.resolveSibling("." + out.getFileName() + ".part");
        Files.deleteIfExists(part);
        FileChannel created = PrivateFile.create(part);
        try (BufferedWriter writer = new BufferedWriter(Channels.newWriter(created, UTF_8));
                Rows rows = Rows.open(file)) {
            char delimiter = rows instanceof CsvRows csv ? csv.delimiter() : ',';
            if (rows.columns() != null) {
                writer.write(CsvText.line(rows.columns(), delimiter));
            }
            for (Row row = rows.next(); row != null; row = rows.next()) {
                if (wanted.get(row.number())) {
                    writer.write(line(row, rows.columns() != null, delimiter));
                }
            }
            isComplete = rows.digest().equals(fileDigest);
        } catch (UnusableFileException e) {
            throw new IOException(e.getMessage(), e);
        } finally {
            if (!isComplete) {
                Files.deleteIfExists(part);
            }
        }
        if (!isComplete) {
            throw new IOException(
                    file + " is not what it was when the job began: its failed rows cannot be told any more; the"
                            + " results say which they are");
        }
        Files.move(part, out);
        return wanted.cardinality();
    }

    private static String line(Row row, boolean isCsv, char delimiter) {
        if (isCsv) {
            return CsvText.line(
                    row.values().values().stream().map(cell -> cell.asText("")).toList(), delimiter);
        }
        ObjectNode object = Json.MAPPER.createObjectNode();
        row.values().forEach(object::set);
        return withHalvesEscaped(object.toString()) + "\n";
    }

    /** Half a character, which JSON can write, has no form in UTF-8. */
    private static String withHalvesEscaped(String json) {
        if (json.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
            return json;
        }
        StringBuilder escaped = new StringBuilder(json.length());
        json.codePoints().forEach(c -> {
            if (Character.getType(c) == Character.SURROGATE) {
                escaped.append(String.format("\\u%04x", c));
            } else {
                escaped.appendCodePoint(c);
            }
        });
        return escaped.toString();
    }
}
