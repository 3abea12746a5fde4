package dev.serai.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** Secrets, and the files that hold one; no message shows what may be one. */
final class SecretTypes {
    private static final int LONGEST_PASSWORD = 255;
    private static final int LONGEST_KEY = 8192;

    /** For AES-256. */
    private static final int SEALING_KEY_BYTES = 32;

    /** As many as a SHA-256 has. */
    private static final int LEAST_DIGEST_KEY_BYTES = 32;

    private static final Pattern BETWEEN_WORDS = Pattern.compile("[-._ ]");

    /** A word, a number, a word with a number at its end; a piece of a key that is as long has digits between its letters. */
    private static final Pattern WORD = Pattern.compile("[A-Za-z]{0,24}[0-9]{0,4}|[0-9]{1,8}|.{0,5}");

    /** What a reader makes of bytes that are no text. */
    private static final char NOT_UTF8 = '\uFFFD';

    private SecretTypes() {}

    /** A file in UTF-8 that holds one secret of the kind; blanks around it do not count. */
    static SettingType<HeldSecret> secretFile(SecretFile.Kind kind) {
        return SettingType.of("file", "must exist and not be empty", text -> {
                    try {
                        Path path = PathTypes.path(text);
                        return new HeldSecret(new SecretFile(path, kind), readSecret(path, kind));
                    } catch (BadValueException e) {
                        throw isCertainlyAPath(text)
                                ? e
                                : BadValueException.hidingTheValue(String.valueOf(e.getMessage()));
                    }
                })
                .ofPaths()
                .writtenAs(held -> held.file().path().toString());
    }

    /** What {@link #secretFile} reads, as the file is now. */
    static Secret readSecret(Path path, SecretFile.Kind kind) throws BadValueException {
        PathTypes.checkReadable(path);
        String text = read(path);
        if (text.isBlank()) {
            throw new BadValueException("must be a file that is not empty");
        }
        return kind.type().parser().parse(kind == SecretFile.Kind.SEALING_KEYS ? text.stripTrailing() : text.strip());
    }

    /** Lines, so that they are counted as an editor counts them, with those before the first that is not blank. */
    static SettingType<Secret> sealingKeys() {
        return SettingType.of("secret", "", text -> {
                    if (text.length() > LONGEST_KEY) {
                        throw new BadValueException("must be a file of at most " + LONGEST_KEY + " bytes");
                    }
                    List<String> lines = text.lines().toList();
                    for (int line = 0; line < lines.size(); line++) {
                        String key = lines.get(line).strip();
                        if (!key.isEmpty()) {
                            checkSealingKey(line + 1, key);
                        }
                    }
                    return new Secret(text);
                })
                .hidden();
    }

    /** One key, of which there may be more bytes than are needed. */
    static SettingType<Secret> digestKey() {
        return SettingType.of("secret", "", text -> {
                    int bytes = bytes(text);
                    if (bytes < LEAST_DIGEST_KEY_BYTES) {
                        throw new BadValueException("must hold base64 of at least " + LEAST_DIGEST_KEY_BYTES
                                + " bytes and nothing else, as openssl rand -base64 " + LEAST_DIGEST_KEY_BYTES
                                + " writes it, and is " + found(bytes));
                    }
                    return new Secret(text);
                })
                .hidden();
    }

    private static void checkSealingKey(int line, String key) throws BadValueException {
        int bytes = bytes(key);
        if (bytes != SEALING_KEY_BYTES) {
            throw new BadValueException(
                    "must hold base64 of " + SEALING_KEY_BYTES + " bytes on each line, as openssl rand" + " -base64 "
                            + SEALING_KEY_BYTES + " writes it, and line " + line + " is " + found(bytes));
        }
    }

    /** How many a text stands for; -1 if it is no base64. */
    private static int bytes(String base64) {
        try {
            return Base64.getDecoder().decode(base64).length;
        } catch (IllegalArgumentException e) {
            return -1;
        }
    }

    private static String found(int bytes) {
        return bytes < 0 ? "no base64" : "of " + bytes + " bytes";
    }

    /** A secret given as it is. */
    static SettingType<Secret> secret() {
        return SettingType.of("secret", "", SecretTypes::secret).hidden();
    }

    /** A header's value, given as it is: like {@link #secret}, but blanks within it are allowed. */
    static SettingType<Secret> headerValue() {
        return SettingType.of("secret", "", text -> {
                    if (text.length() > LONGEST_KEY || !text.chars().allMatch(c -> c >= ' ' && c < 127)) {
                        throw new BadValueException(
                                "must hold a header's value: printable ASCII characters on one line");
                    }
                    return new Secret(text);
                })
                .hidden();
    }

    /**
     * Keys get into the setting for the key's file by mistake, so only what a key cannot be is shown: what lies in a folder,
     * and either that is there, or all names are made of words.
     */
    private static boolean isCertainlyAPath(String text) {
        try {
            Path path = PathTypes.path(text);
            Path parent = path.getParent();
            if (parent == null || parent.getNameCount() == 0) {
                return false;
            }
            return Files.isDirectory(parent)
                    || StreamSupport.stream(path.spliterator(), false)
                            .flatMap(name -> BETWEEN_WORDS.splitAsStream(name.toString()))
                            .allMatch(word -> WORD.matcher(word).matches());
        } catch (BadValueException e) {
            return false;
        }
    }

    /** A secret that people choose, blanks within it included. */
    static SettingType<Secret> password() {
        return SettingType.of("secret", "", text -> {
                    if (text.length() > LONGEST_PASSWORD
                            || text.chars().anyMatch(c -> Character.isISOControl(c) || c == NOT_UTF8)) {
                        throw new BadValueException("must hold a password on one line, in UTF-8, at most "
                                + LONGEST_PASSWORD + " characters long");
                    }
                    return new Secret(text);
                })
                .hidden();
    }

    private static String read(Path path) throws BadValueException {
        try (InputStream content = Files.newInputStream(path)) {
            byte[] bytes = content.readNBytes(LONGEST_KEY + 1);
            return new String(bytes, UTF_8);
        } catch (IOException e) {
            throw new BadValueException("must be a file that can be read");
        }
    }

    private static Secret secret(String text) throws BadValueException {
        if (text.length() > LONGEST_KEY || !text.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new BadValueException("must hold one key of printable ASCII characters, without blanks");
        }
        return new Secret(text);
    }
}
