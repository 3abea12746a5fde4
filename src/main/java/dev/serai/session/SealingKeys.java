package dev.serai.session;

import dev.serai.wire.Digests;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keys that seal a text: AES-256 in Galois/counter mode (NIST SP 800-38D) of the JDK, with a random nonce of 12 bytes before
 * the cipher text and a tag of 16 behind it. The first seals, and each opens what it has sealed, so that another can be put
 * before it. With random nonces one key is good for 2<sup>32</sup> texts. Immutable, thread-safe; {@code toString} shows
 * no key.
 */
public final class SealingKeys {
    /** None: nothing is sealed, and nothing can be opened. */
    public static final SealingKeys NONE = new SealingKeys(List.of());

    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    /** Two keys of one file have the same with a chance of one in 2<sup>32</sup>. */
    private static final int ID_BYTES = 4;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final List<Key> keys;

    private record Key(String id, SecretKeySpec secret) {}

    private SealingKeys(List<Key> keys) {
        this.keys = List.copyOf(keys);
    }

    /**
     * Reads keys, of which there must be one.
     *
     * @param text base64 of 32 bytes on each line; blank lines do not count
     * @throws IllegalArgumentException if it holds something else; without anything of it
     */
    public static SealingKeys of(String text) {
        List<Key> keys = new ArrayList<>();
        text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(line -> keys.add(key(line)));
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("there must be a key");
        }
        return new SealingKeys(keys);
    }

    private static Key key(String line) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(line);
        } catch (IllegalArgumentException e) {
            // Not the decoder's own message: it quotes the key.
            throw new IllegalArgumentException("a key must be base64");
        }
        if (bytes.length != KEY_BYTES) {
            throw new IllegalArgumentException("a key must be of " + KEY_BYTES + " bytes, was of " + bytes.length);
        }
        return new Key(id(bytes), new SecretKeySpec(bytes, "AES"));
    }

    private static String id(byte[] key) {
        return HexFormat.of().formatHex(Digests.sha256().digest(key), 0, ID_BYTES);
    }

    public boolean isNone() {
        return keys.isEmpty();
    }

    /** Whether there is the key of that id. */
    boolean has(String id) {
        return keys.stream().anyMatch(key -> key.id().equals(id));
    }

    /**
     * What names the key that seals: the first hexadecimal digits of its SHA-256.
     *
     * @throws IllegalStateException if there is none
     */
    String sealingId() {
        return sealing().id();
    }

    private Key sealing() {
        if (keys.isEmpty()) {
            throw new IllegalStateException("there is no key to seal with");
        }
        return keys.getFirst();
    }

    /**
     * Seals a text with the first key.
     *
     * @param bound what the text belongs to: it can be opened with the same only
     * @throws IllegalStateException if there is no key
     */
    byte[] seal(byte[] text, byte[] bound) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, sealing(), nonce, bound);
            byte[] sealed = Arrays.copyOf(nonce, NONCE_BYTES + cipher.getOutputSize(text.length));
            cipher.doFinal(text, 0, text.length, sealed, NONCE_BYTES);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES in Galois/counter mode", e);
        }
    }

    /**
     * Opens what {@link #seal} has made.
     *
     * @throws UnsealableException if there is no key of that id, or the text is not what was sealed for the same
     */
    byte[] open(String id, byte[] sealed, byte[] bound) throws UnsealableException {
        Key key = keys.stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new UnsealableException("its key is not there"));
        if (sealed.length < NONCE_BYTES) {
            throw new UnsealableException("it is cut");
        }
        try {
            return cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOf(sealed, NONCE_BYTES), bound)
                    .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
        } catch (GeneralSecurityException e) {
            throw new UnsealableException("it was changed, or sealed for something else");
        }
    }

    private static Cipher cipher(int mode, Key key, byte[] nonce, byte[] bound) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key.secret(), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(bound);
        return cipher;
    }

    /** The keys' ids. */
    @Override
    public String toString() {
        return "SealingKeys" + keys.stream().map(Key::id).toList();
    }
}
