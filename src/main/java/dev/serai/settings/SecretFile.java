package dev.serai.settings;

import dev.serai.loop.UnusableFileException;
import java.nio.file.Path;

/**
 * A file that holds one secret, and that may be replaced by one with another secret while Serai runs. What makes a good
 * file is the same as at start-up: up to 8 KiB, and what its kind demands; blanks around it do not count.
 *
 * <p>Immutable, safe for use by several threads.
 *
 * @param path relative to the working directory, or absolute
 */
public record SecretFile(Path path, Kind kind) {
    /** What the secret is for. */
    public enum Kind {
        /** An API key: printable ASCII characters without blanks. */
        KEY,
        /** A header's value: printable ASCII characters on one line. */
        HEADER_VALUE,
        /** A password, in UTF-8. */
        PASSWORD,
        /** Keys that seal: base64 of 32 bytes on each line. */
        SEALING_KEYS,
        /** A key that personal data is digested with: base64 of at least 32 bytes. */
        DIGEST_KEY;

        SettingType<Secret> type() {
            return switch (this) {
                case KEY -> SecretTypes.secret();
                case HEADER_VALUE -> SecretTypes.headerValue();
                case PASSWORD -> SecretTypes.password();
                case SEALING_KEYS -> SecretTypes.sealingKeys();
                case DIGEST_KEY -> SecretTypes.digestKey();
            };
        }
    }

    /**
     * Reads the file as it is now.
     *
     * @throws UnusableFileException if it is not there, cannot be read or holds no such secret; it may be in the middle of
     *     being written, so a secret that was read before stays the best one
     */
    public Secret read() throws UnusableFileException {
        try {
            return SecretTypes.readSecret(path, kind);
        } catch (BadValueException e) {
            throw new UnusableFileException(path, String.valueOf(e.getMessage()));
        }
    }
}
