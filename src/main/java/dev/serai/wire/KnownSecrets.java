package dev.serai.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.Base64;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Secrets by their values: those that this process was given, and those that it hands out. They are found wherever they stand
 * in a text, whatever is before, behind and between their letters and digits, in whatever case.
 *
 * <p>Kept are hashes of pieces, never the secrets: of one that is handed out pieces of {@value #TILE} letters and digits, side
 * by side, of the last {@value #HANDED_OUT} of which the set is sure (a room has some twenty); of a key every run of {@value
 * #PIECE}, and the same of its base64 and hexadecimal forms, for good. What is shorter than a piece is found as a word of its
 * own. Whatever word a piece touches is masked as a whole. A hash takes a random multiplier of the process, so that nobody can
 * make texts that are taken for a secret; by chance one in 10<sup>13</sup> is.
 *
 * <p>Not found are pieces of less than {@value #PIECE} letters of a key, and secrets that look like words: of less than
 * {@value #SHORTEST} letters and digits, or of small letters only, or digits only. Searching takes some 15 ns for each character.
 * Thread-safe.
 */
public final class KnownSecrets {
    /** Those of this process, which its logs and its error texts are searched for. */
    public static final KnownSecrets OF_PROCESS = new KnownSecrets();

    private static final int TILE = SecretPieces.TILE;
    private static final int PIECE = SecretPieces.PIECE;
    private static final int SHORTEST = SecretPieces.SHORTEST;
    private static final int HANDED_OUT = 1 << 17;
    private static final int KEYS = 1 << 20;

    /** A token is known by its beginning and its end, where its signature is. */
    private static final int MOST_TILES = 16;

    /** More than the address of any room; a provider must not make others' secrets forgotten. */
    private static final int MOST_PARTS = 32;

    private static final Pattern BEHIND_HOST = Pattern.compile("[^:/?#]+://[^/?#]*([/?#].*)", Pattern.DOTALL);

    private static final Pattern SEPARATOR = Pattern.compile("[/?&=#;,:]");

    private static final Pattern PARAMETER = Pattern.compile("[?&#;]([^=?&#;]{1,100})=([^?&#;]+)");

    private final SecretPieces pieces = new SecretPieces(HANDED_OUT, KEYS);

    /** A token or the id of a session, which a reply hands out. */
    public void addHandedOut(String secret) {
        int[] places = SecretPieces.places(secret);
        String letters = SecretPieces.letters(secret, places);
        if (letters.length() < TILE) {
            addWord(secret, letters);
            return;
        }
        int count = (letters.length() + TILE - 1) / TILE;
        for (int i = 0; i < count; i++) {
            if (count <= MOST_TILES || i < MOST_TILES / 2 || i >= count - MOST_TILES / 2) {
                // The last one ends where the secret does.
                int begin = Math.min(i * TILE, letters.length() - TILE);
                if (looksRandom(secret, places[begin], places[begin + TILE - 1] + 1)) {
                    pieces.addTile(letters, begin);
                }
            }
        }
    }

    /**
     * The address of a room: its host is none, but what comes behind it lets whoever has it in. What it names a token or an
     * id of a session is one however short it is.
     */
    public void addRoomUrl(String url) {
        Matcher address = BEHIND_HOST.matcher(url);
        if (!address.matches()) {
            return;
        }
        String behind = address.group(1);
        for (String part : SEPARATOR.split(behind, MOST_PARTS)) {
            if (SecretPieces.places(part).length >= TILE) {
                addHandedOut(part);
            }
        }
        Matcher parameter = PARAMETER.matcher(behind);
        for (int count = 0; count < MOST_PARTS && parameter.find(); count++) {
            if (NamedSecrets.isNaming(parameter.group(1))) {
                String value = parameter.group(2);
                String decoded = decoded(value);
                addHandedOut(value);
                if (!decoded.equals(value)) {
                    addHandedOut(decoded);
                }
            }
        }
    }

    /** What is not encoded as it should be is taken as it is. */
    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value, UTF_8);
        } catch (IllegalArgumentException e) {
            return value;
        }
    }

    /** A key that this process shows to others: an API key, or another credential of its own. */
    public void addKey(String key) {
        byte[] bytes = key.getBytes(UTF_8);
        addPieces(key, 1);
        addPieces(HexFormat.of().formatHex(bytes), PIECE);
        for (int before = 0; before < 3; before++) {
            byte[] shifted = new byte[bytes.length + before];
            System.arraycopy(bytes, 0, shifted, before, bytes.length);
            String encoded = Base64.getEncoder().withoutPadding().encodeToString(shifted);
            // What other bytes, before and behind, have a part in.
            int begin = before == 0 ? 0 : before + 1;
            int end = encoded.length() - (shifted.length % 3 == 0 ? 0 : 1);
            if (begin < end) {
                addPieces(encoded.substring(begin, end), PIECE);
            }
        }
    }

    private void addPieces(String secret, int step) {
        String letters = SecretPieces.letters(secret);
        if (letters.length() < PIECE) {
            addWord(secret, letters);
            return;
        }
        for (int begin = 0; begin < letters.length() - PIECE + step; begin += step) {
            pieces.addPiece(letters, Math.min(begin, letters.length() - PIECE));
        }
    }

    private void addWord(String secret, String letters) {
        if (letters.length() >= SHORTEST
                && looksRandom(secret, 0, secret.length())
                && letters.chars().anyMatch(c -> c > '9')) {
            pieces.addWord(letters);
        }
    }

    /**
     * Whether that part of a text can hardly stand in another one by chance: it has four different characters, and digits or
     * capital letters behind small ones.
     */
    private static boolean looksRandom(String text, int begin, int end) {
        String distinct = "";
        boolean isLikeNoWord = false;
        for (int at = begin; at < end && (distinct.length() < 4 || !isLikeNoWord); at++) {
            char c = text.charAt(at);
            if (distinct.length() < 4 && distinct.indexOf(c) < 0) {
                distinct += c;
            }
            isLikeNoWord |= isBetween('0', c, '9')
                    || (at > begin && isBetween('A', c, 'Z') && isBetween('a', text.charAt(at - 1), 'z'));
        }
        return distinct.length() == 4 && isLikeNoWord;
    }

    private static boolean isBetween(char first, char c, char last) {
        return first <= c && c <= last;
    }

    /** The text with this in place of each known secret; the very text if there is none in it. */
    public String masked(String text, String mask) {
        BitSet found = pieces.search(text);
        if (found.isEmpty()) {
            return text;
        }
        StringBuilder masked = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            int begin = found.nextSetBit(at);
            if (begin < 0) {
                return masked.append(text, at, text.length()).toString();
            }
            masked.append(text, at, begin).append(mask);
            at = found.nextClearBit(begin);
        }
        return masked.toString();
    }
}
