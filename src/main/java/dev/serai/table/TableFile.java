package dev.serai.table;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.loop.UnusableFileException;
import dev.serai.wire.Characters;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file that holds a table, in UTF-8, with or without a byte order mark. Immutable.
 *
 * @param columns mean nothing to JSON
 */
record TableFile(Path path, FileFormat format, Columns columns) {
    static final int MAX_BYTES = 64 << 20;

    /**
     * What differs when the file is another one, also behind links that were swapped, or was written to.
     *
     * @param key the file system's identity of the file; null if it has none
     */
    record Stamp(@Nullable Object key, FileTime modified, long size) {}

    /** The file's stamp as it is now; to be taken before {@link #read}, so that what is written meanwhile is not missed. */
    Stamp stamp() throws UnusableFileException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return new Stamp(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** The file's bytes as they are now, up to {@value #MAX_BYTES}. */
    byte[] read() throws UnusableFileException {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new UnusableFileException(path, "must be a file");
        }
        try (InputStream content = Files.newInputStream(path)) {
            byte[] bytes = content.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new UnusableFileException(path, "must have at most " + (MAX_BYTES >> 20) + " MiB, has more");
            }
            return bytes;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private UnusableFileException unreadable(IOException e) {
        return new UnusableFileException(
                path,
                e instanceof NoSuchFileException ? "must be a file that exists" : "must be a file that can be read");
    }

    /** The table in these bytes, by reference. */
    Map<String, JsonNode> entries(byte[] bytes) throws UnusableFileException {
        return format.entries(path, Characters.withoutMark(text(bytes)), columns);
    }

    private String text(byte[] bytes) throws UnusableFileException {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer left = ByteBuffer.wrap(bytes);
        CharBuffer text = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(left, text, true);
        if (result.isError()) {
            throw new UnusableFileException(path, lineAt(bytes, left.position()), "must be in UTF-8: save it so");
        }
        return text.flip().toString();
    }

    private static long lineAt(byte[] bytes, int position) {
        long line = 1;
        for (int at = 0; at < position; at++) {
            if (bytes[at] == '\n') {
                line++;
            }
        }
        return line;
    }
}
