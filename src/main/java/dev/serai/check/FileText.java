package dev.serai.check;

import dev.serai.loop.UnusableFileException;
import dev.serai.wire.Characters;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files as texts, as far as they are some. Stateless. */
final class FileText {
    /** As look-up tables. */
    private static final int MAX_BYTES = 64 << 20;

    private FileText() {}

    /** @throws UnusableFileException if the file is none, cannot be read, or is larger than any that is looked at */
    static byte[] bytes(Path file) throws UnusableFileException {
        if (!Files.exists(file)) {
            throw new UnusableFileException(file, "must be a file that exists");
        }
        if (!Files.isRegularFile(file)) {
            throw new UnusableFileException(file, "must be a file");
        }
        try (InputStream content = Files.newInputStream(file)) {
            byte[] bytes = content.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new UnusableFileException(
                        file, "must have at most " + (MAX_BYTES >> 20) + " MiB, has more: split it");
            }
            return bytes;
        } catch (IOException e) {
            throw new UnusableFileException(file, "must be a file that can be read");
        }
    }

    /**
     * The text without its byte order mark.
     *
     * @throws UnusableFileException if these are no UTF-8
     */
    static String text(Path file, byte[] bytes) throws UnusableFileException {
        return Characters.ofUtf8(bytes)
                .map(Characters::withoutMark)
                .orElseThrow(() -> new UnusableFileException(file, "must be a text in UTF-8: save it so"));
    }
}
