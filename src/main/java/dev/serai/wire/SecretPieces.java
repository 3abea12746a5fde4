package dev.serai.wire;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Hashes of pieces of secrets, and where in a text such pieces stand, whatever is between their letters and digits. A hash takes
 * a random multiplier of its own, so that nobody can make texts that are taken for a secret. Thread-safe.
 */
final class SecretPieces {
    /** Letters and digits of a piece of a secret that is handed out. */
    static final int TILE = 12;

    /** Those of a piece of a key. */
    static final int PIECE = 8;

    /** What is shorter is no secret. */
    static final int SHORTEST = 6;

    private final long multiplier = new SecureRandom().nextLong() | 1;
    private final long tileWeight = power(TILE);
    private final long pieceWeight = power(PIECE);
    private final Hashes tiles;
    private final Hashes pieces;
    /** Of secrets that are shorter than a piece. */
    private final Hashes words;

    /**
     * @param handedOut of how many hashes of tiles and of words this is sure; the oldest are forgotten
     * @param keys of how many of pieces
     */
    SecretPieces(int handedOut, int keys) {
        tiles = new Hashes(handedOut);
        pieces = new Hashes(keys);
        words = new Hashes(handedOut);
    }

    void addTile(String letters, int begin) {
        tiles.add(hash(letters, begin, TILE));
    }

    void addPiece(String letters, int begin) {
        pieces.add(hash(letters, begin, PIECE));
    }

    /** All of a secret that is shorter than a piece. */
    void addWord(String letters) {
        words.add(hash(letters, 0, letters.length()));
    }

    /** Which characters belong to a secret. */
    BitSet search(String text) {
        BitSet found = new BitSet();
        if (tiles.isEmpty() && pieces.isEmpty() && words.isEmpty()) {
            return found;
        }
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

    /** The letters and digits of a text, small. */
    static String letters(String text) {
        return letters(text, places(text));
    }

    /** The same, of a text whose {@link #places} are known. */
    static String letters(String text, int[] places) {
        char[] letters = new char[places.length];
        for (int i = 0; i < places.length; i++) {
            letters[i] = (char) letter(text.charAt(places[i]));
        }
        return new String(letters);
    }

    /** Where in a text its letters and digits are, in order. */
    static int[] places(String text) {
        int[] places = new int[text.length()];
        int count = 0;
        for (int at = 0; at < text.length(); at++) {
            if (letter(text.charAt(at)) >= 0) {
                places[count++] = at;
            }
        }
        return Arrays.copyOf(places, count);
    }

    /** A letter of ASCII, small, or a digit; -1 for any other character. */
    static int letter(char c) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            return c;
        }
        return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : -1;
    }
}
