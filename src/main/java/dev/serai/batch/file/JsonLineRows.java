package dev.serai.batch.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.Json;
import java.io.IOException;
import java.io.Reader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JSON object on each line; lines of blanks do not count. For one thread. */
final class JsonLineRows implements Rows {
    private final DecodedText text;
    private final Reader reader;
    private long line;
    private int number;
    private boolean afterCarriageReturn;

    JsonLineRows(DecodedText text, Reader reader) {
        this.text = text;
        this.reader = reader;
    }

    @Override
    public @Nullable List<String> columns() {
        return null;
    }

    @Override
    public @Nullable Row next() throws IOException {
        StringBuilder read = new StringBuilder();
        while (readLine(read)) {
            line++;
            boolean isMalformed = text.isMalformedUpTo(line);
            if (!read.toString().isBlank()) {
                number++;
                return isMalformed ? Row.bad(number, line, CsvRows.NO_TEXT) : row(read);
            }
        }
        return null;
    }

    private Row row(StringBuilder read) {
        if (read.length() > MAX_CHARACTERS) {
            return Row.bad(number, line, "must have at most " + MAX_CHARACTERS + " characters");
        }
        try {
            JsonNode value = Json.MAPPER.readTree(read.toString());
            if (value instanceof ObjectNode object) {
                Map<String, JsonNode> values = new LinkedHashMap<>();
                object.properties().forEach(field -> values.put(field.getKey(), field.getValue()));
                return new Row(number, line, values, null);
            }
            return Row.bad(number, line, "must be a JSON object, with the event's fields");
        } catch (JsonProcessingException e) {
            // Not the parser's own message: it quotes the file.
            return Row.bad(
                    number,
                    line,
                    "is no JSON, or has a name for the second time in one object"
                            + (e.getLocation() == null
                                    ? ""
                                    : ": look at character " + e.getLocation().getColumnNr()));
        }
    }

    /** Of a line that is too long one character too many is kept. */
    private boolean readLine(StringBuilder read) throws IOException {
        read.setLength(0);
        for (boolean any = false; ; any = true) {
            int next = reader.read();
            if (next == '\n' && afterCarriageReturn) {
                afterCarriageReturn = false;
                next = reader.read();
            }
            afterCarriageReturn = next == '\r';
            if (next < 0) {
                return any;
            }
            if (next == '\n' || next == '\r') {
                return true;
            }
            if (read.length() <= MAX_CHARACTERS) {
                read.append((char) next);
            }
        }
    }

    @Override
    public String digest() {
        return text.digest();
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
