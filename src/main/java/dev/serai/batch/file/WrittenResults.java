package dev.serai.batch.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serai.loop.UnusableFileException;
import dev.serai.wire.Json;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A file that is to be gone on with as results of a job: whether it is that, and what it has. Changes nothing of it. */
record WrittenResults(Path file, FileChannel channel, ResultColumns columns, String job) {
    private static final int BUFFER_BYTES = 256 << 10;

    /** As each line of JSON begins. */
    private static final Pattern FIRST_FIELDS = Pattern.compile("\\{\"row\":\\d+,\"row_id\":");

    /**
     * Reads all lines that are complete.
     *
     * @return where they end
     * @throws IOException with a message for the user, if it holds something else
     */
    long readInto(ResultTally tally) throws IOException {
        long end = completeLines();
        if (end > 0) {
            readLines(end, tally);
        } else {
            requireBeginning();
        }
        return end;
    }

    private long completeLines() throws IOException {
        long end = 0;
        try (InputStream in = new BufferedInputStream(new FilePart(channel, channel.size()), BUFFER_BYTES)) {
            long at = 0;
            for (int next = in.read(); next >= 0; next = in.read()) {
                at++;
                if (next == '\n') {
                    end = at;
                }
            }
        }
        return end;
    }

    /** A line that was cut off, and is the first one, is one of results as far as it goes. */
    private void requireBeginning() throws IOException {
        String header = ResultFile.header(columns, format());
        String text;
        try (InputStream in = new FilePart(channel, channel.size())) {
            text = new String(in.readNBytes(BUFFER_BYTES), UTF_8);
        }
        Matcher fields = FIRST_FIELDS.matcher(text);
        boolean isResult = format() == RowFormat.CSV
                ? header.startsWith(text)
                : text.isEmpty() || fields.lookingAt() || fields.hitEnd();
        if (!isResult) {
            throw new UnfitFileException(file + " is no file of results: name another");
        }
    }

    private RowFormat format() {
        return RowFormat.ofName(file);
    }

    private void readLines(long end, ResultTally tally) throws IOException {
        try (Rows rows = Rows.of(file, new FilePart(channel, end))) {
            requireColumns(rows.columns());
            for (Row row = rows.next(); row != null; row = rows.next()) {
                if (row.mistake() != null || !row.values().containsKey(ResultColumns.ROW)) {
                    throw new UnfitFileException(file + ", line " + row.line() + " is no result: name another file");
                }
                if (format() == RowFormat.JSON_LINES) {
                    requireColumns(List.copyOf(row.values().keySet()));
                }
                tally.add(result(row));
            }
        } catch (UnusableFileException e) {
            throw new UnfitFileException(e.getMessage() + "; it is no file of results: name another", e);
        }
    }

    private ResultRow result(Row row) throws IOException {
        String eventId = text(row, ResultColumns.EVENT_ID);
        if (!eventId.isEmpty() && !eventId.startsWith(job + "/")) {
            throw new UnfitFileException(
                    file + " holds results of another job, " + eventId.split("/", 2)[0] + ": name another file");
        }
        int number;
        try {
            number = Integer.parseInt(text(row, ResultColumns.ROW));
        } catch (NumberFormatException e) {
            number = 0;
        }
        if (number < 1) {
            throw new UnfitFileException(
                    file + ", line " + row.line() + " names no row: it is no file of results, name another");
        }
        return new ResultRow(
                number,
                text(row, ResultColumns.STATUS),
                text(row, ResultColumns.CATEGORY),
                Json.MAPPER.createObjectNode());
    }

    private static String text(Row row, String column) {
        var value = row.values().get(column);
        return value == null || value.isNull() ? "" : value.asText();
    }

    private void requireColumns(@Nullable List<String> there) throws IOException {
        if (there != null && !there.equals(columns.names())) {
            throw new UnfitFileException(file
                    + " has other columns: say --redact and --with-session-id as they were, or name" + " another file");
        }
    }
}
