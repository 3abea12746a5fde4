package dev.serai.dialect.mapping;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes something of a phone number that tells callers apart and does not tell who they are, as a Kafka key and a session
 * record are kept for long: HMAC-SHA256 with a key of the operator's, of which 128 bits are left. Whoever has the key can try
 * all numbers there are, so it is a secret; with another key every caller is a new one. Thread-safe.
 */
public final class NumberDigest {
    /** As many bytes as SHA-256 gives. */
    static final int MIN_KEY_BYTES = 32;

    /** In front of what is digested, so that the same key in another use says nothing about these. */
    private static final byte[] DOMAIN = "serai.mapping.digest.v1\0".getBytes(StandardCharsets.UTF_8);

    private static final String ALGORITHM = "HmacSHA256";
    private static final int DIGEST_BYTES = 16;

    private final SecretKeySpec key;

    private NumberDigest(SecretKeySpec key) {
        this.key = key;
    }

    /**
     * Makes digests with the key of a file.
     *
     * @param content of a key file: base64 of at least 32 bytes, such as {@code openssl rand -base64 32} writes it
     * @throws IllegalArgumentException if it is something else; the message says what must be, after the file's name
     */
    public static NumberDigest of(String content) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(content.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "must hold a key in base64, such as `openssl rand -base64 " + MIN_KEY_BYTES + "` writes it");
        }
        if (bytes.length < MIN_KEY_BYTES) {
            throw new IllegalArgumentException("must hold a key of at least " + MIN_KEY_BYTES
                    + " bytes in base64, has " + bytes.length + ": `openssl rand -base64 " + MIN_KEY_BYTES
                    + "` writes one");
        }
        return new NumberDigest(new SecretKeySpec(bytes, ALGORITHM));
    }

    /** 32 hexadecimal digits. */
    String digest(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(DOMAIN);
            byte[] digest = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    /** Not the key. */
    @Override
    public String toString() {
        return "NumberDigest";
    }
}
