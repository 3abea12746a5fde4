package dev.serai.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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

    private static final int TILE = 12;
    private static final int PIECE = 8;
    private static final int SHORTEST = 6;
    private static final int HANDED_OUT = 1 << 17;
    private static final int KEYS = 1 << 20;

    /** A token is known by its beginning and its end, where its signature is. */
    private static final int MOST_TILES = 16;

    /** More than the address of any room; a provider must not make others' secrets forgotten. */
    private static final int MOST_PARTS = 32;

    private static final Pattern BEHIND_HOST = Pattern.compile("^[^:/?#]+://[^/?#]*([/?#].*)$", Pattern.DOTALL);

    private static final Pattern PARAMETER = Pattern.compile("[?&#;]([^=?&#;]{1,100})=([^?&#;]+)");

    private static final Pattern LIKE_NO_WORD = Pattern.compile("[0-9]|[a-z][A-Z]");

    private final long multiplier = new SecureRandom().nextLong() | 1;
    private final long tileWeight = power(TILE);
    private final long pieceWeight = power(PIECE);
    private final Hashes tiles = new Hashes(HANDED_OUT);
    private final Hashes pieces = new Hashes(KEYS);
    /** Of secrets that are shorter than a piece. */
    private final Hashes words = new Hashes(HANDED_OUT);

    /** A token or the id of a session, which a reply hands out. */
    public void addHandedOut(String secret) {
        String letters = letters(secret);
        if (letters.length() < TILE) {
            addWord(secret, letters);
            return;
        }
        int[] places = IntStream.range(0, secret.length())
                .filter(at -> letter(secret.charAt(at)) >= 0)
                .toArray();
        int count = (letters.length() + TILE - 1) / TILE;
        for (int i = 0; i < count; i++) {
            if (count <= MOST_TILES || i < MOST_TILES / 2 || i >= count - MOST_TILES / 2) {
                // The last one ends where the secret does.
                int begin = Math.min(i * TILE, letters.length() - TILE);
                if (looksRandom(secret.substring(places[begin], places[begin + TILE - 1] + 1))) {
                    tiles.add(hash(letters, begin, TILE));
                }
            }
        }
    }

    /**
     * The address of a room: its host is none, but what comes behind it lets whoever has it in. What it names a token or an
     * id of a session is one however short it is.
     */
    public void addRoomUrl(String url) {
        BEHIND_HOST.matcher(url).results().map(behind -> behind.group(1)).forEach(behind -> {
            Arrays.stream(behind.split("[/?&=#;,:]", MOST_PARTS))
                    .filter(part -> letters(part).length() >= TILE)
                    .forEach(this::addHandedOut);
            PARAMETER
                    .matcher(behind)
                    .results()
                    .limit(MOST_PARTS)
                    .filter(parameter -> NamedSecrets.isNaming(parameter.group(1)))
                    .map(parameter -> parameter.group(2))
                    .flatMap(value -> Stream.of(value, decoded(value)).distinct())
                    .forEach(this::addHandedOut);
        });
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
        String letters = letters(secret);
        if (letters.length() < PIECE) {
            addWord(secret, letters);
            return;
        }
        for (int begin = 0; begin < letters.length() - PIECE + step; begin += step) {
            pieces.add(hash(letters, Math.min(begin, letters.length() - PIECE), PIECE));
        }
    }

    private void addWord(String secret, String letters) {
        if (letters.length() >= SHORTEST
                && looksRandom(secret)
                && letters.chars().anyMatch(c -> c > '9')) {
            words.add(hash(letters, 0, letters.length()));
        }
    }

    /** Whether it can hardly stand in a text by chance: it has digits, or capital letters behind small ones. */
    private static boolean looksRandom(String text) {
        return text.chars().distinct().count() > 3 && LIKE_NO_WORD.matcher(text).find();
    }

    /** The text with this in place of each known secret; the very text if there is none in it. */
    public String masked(String text, String mask) {
        if (tiles.isEmpty() && pieces.isEmpty() && words.isEmpty()) {
            return text;
        }
        BitSet found = search(text);
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

    /** Which characters belong to a secret. */
    private BitSet search(String text) {
        BitSet found = new BitSet();
        int[] places = new int[TILE];
        int count = 0;
        long tile = 0;
        long piece = 0;
        long word = 0;
        int wordBegin = -1;
        int wordLength = 0;
        for (int at = 0; at <= text.length(); at++) {
            int letter = at < text.length() ? letter(text.charAt(at)) : -1;
            if (letter < 0 && !isWithinWord(text, at)) {
                if (wordLength >= SHORTEST && wordLength < TILE && words.contains(word)) {
                    found.set(wordBegin, at);
                }
                word = 0;
                wordLength = 0;
                wordBegin = -1;
            }
            if (letter < 0) {
                continue;
            }
            wordBegin = wordBegin < 0 ? at : wordBegin;
            wordLength++;
            word = word * multiplier + letter;
            tile = tile * multiplier
                    + letter
                    - (count < TILE ? 0 : tileWeight * letter(text.charAt(places[count % TILE])));
            piece = piece * multiplier
                    + letter
                    - (count < PIECE ? 0 : pieceWeight * letter(text.charAt(places[(count - PIECE) % TILE])));
            places[count % TILE] = at;
            count++;
            // What is marked is so to the end of its word: to look for that again and again takes its square.
            if (count >= TILE && !found.get(at) && tiles.contains(tile)) {
                mark(found, text, places[count % TILE], at);
            }
            if (count >= PIECE && !found.get(at) && pieces.contains(piece)) {
                mark(found, text, places[(count - PIECE) % TILE], at);
            }
        }
        return found;
    }

    /** From the beginning of the first word to the end of the last. */
    private static void mark(BitSet found, String text, int first, int last) {
        int begin = first;
        while (begin > 0 && (letter(text.charAt(begin - 1)) >= 0 || isWithinWord(text, begin - 1))) {
            begin--;
        }
        int end = last + 1;
        while (end < text.length() && (letter(text.charAt(end)) >= 0 || isWithinWord(text, end))) {
            end++;
        }
        found.set(begin, end);
    }

    /** Whether that is a sign between the letters of one word. */
    private static boolean isWithinWord(String text, int at) {
        return at > 0
                && at < text.length() - 1
                && "-_.".indexOf(text.charAt(at)) >= 0
                && text.charAt(at - 1) > ' '
                && letter(text.charAt(at + 1)) >= 0;
    }

    private long hash(String letters, int begin, int length) {
        long hash = 0;
        for (int i = begin; i < begin + length; i++) {
            hash = hash * multiplier + letters.charAt(i);
        }
        return hash;
    }

    private long power(int exponent) {
        long[] factors = new long[exponent];
        Arrays.fill(factors, multiplier);
        return Arrays.stream(factors).reduce(1, (left, right) -> left * right);
    }

    private static String letters(String text) {
        StringBuilder letters = new StringBuilder(text.length());
        text.chars().map(c -> letter((char) c)).filter(c -> c >= 0).forEach(c -> letters.append((char) c));
        return letters.toString();
    }

    /** A letter of ASCII, small, or a digit; -1 for any other character. */
    private static int letter(char c) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            return c;
        }
        return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : -1;
    }
}
