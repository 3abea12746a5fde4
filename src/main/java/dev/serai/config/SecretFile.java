package dev.serai.config;

import java.nio.file.Path;

/**
 * A file that holds one API key, and that may be replaced by one with another key while Serai runs. What makes a good
 * file is the same as at start-up: up to 8 KiB, one key of printable ASCII characters, blanks around it do not count.
 *
 * <p>Immutable, safe for use by several threads.
 *
 * @param path relative to the working directory, or absolute
 */
public record KeyFile(Path path) {
    /**
     * Reads the file as it is now.
     *
     * @throws KeyFileException if it is not there, cannot be read or holds no key; it may be in the middle of being
     *     written, so a key that was read before stays the best one
     */
    public Secret read() throws KeyFileException {
        try {
            return PathTypes.readSecret(path);
        } catch (BadValueException e) {
            throw new KeyFileException(path + " " + e.getMessage());
        }
    }
}
