package dev.serai.wire;

/**
 * How much memory a JSON text takes once it is decoded. A tree of Jackson's nodes weighs many times its text, and how many
 * depends on what the text is made of: a text of small containers is the worst.
 *
 * <p>Measured for values of 250 kB with Jackson 2, on a 64-bit JVM with compressed pointers, in bytes of live tree for each
 * byte of text: {@code [[…]]} in depth 52, <code>{"":[{"":[…]}]}</code> in depth 45, <code>{"":{"":…}}</code> in depth 41,
 * <code>{"a":{}}</code> 30, <code>{}</code> 29, <code>{"a":1}</code> 26, {@code []} 14, {@code "a"} 15, {@code 99} 7,
 * {@code 1.5} 17, descriptions of things as people write them 7, {@code 1} 3, long text 1 to 2. To make the tree takes
 * further memory for the text itself, at most eight times its bytes.
 *
 * <p>What is counted here is never less, and of what is heavy at most about twice as much: {@code JsonWeightTest} measures
 * it again.
 */
public final class JsonWeight {
    /** An {@code ObjectNode}, its {@code LinkedHashMap}, and its place in what it is in. */
    private static final int EMPTY_OBJECT = 96;

    /** The table of a map that is not empty. */
    private static final int FIELDS = 80;

    /** A map's entry. */
    private static final int FIELD = 40;

    /** An {@code ArrayNode}, its {@code ArrayList}, and its place in what it is in. */
    private static final int EMPTY_ARRAY = 56;

    /** The array of a list that is not empty. */
    private static final int ELEMENTS = 64;

    /** A number, and a place in a list. */
    private static final int VALUE = 32;

    /** What a number that is kept as it was written has besides: {@code String} and the head of its array. */
    private static final int DIGITS = 48;

    /** Half of what a text has besides its characters: {@code TextNode}, {@code String}, the head of the array. */
    private static final int QUOTE = 32;

    /** A character, which may be one of two bytes. */
    private static final int CHARACTER = 2;

    /** The text on its way: characters, buffers, and the text that is made of the tree to look at it as a whole. */
    private static final int DECODING = 8;

    private JsonWeight() {}

    /**
     * The most memory that is in use at any time while a text is decoded, and as long as the outcome is kept.
     *
     * @param json UTF-8, or any bytes: those that are no JSON weigh less than is said
     * @return bytes
     */
    public static long whileDecoded(byte[] json) {
        return ofTree(json) + (long) DECODING * json.length;
    }

    /** What stands within a text is counted as if it were outside: the outcome is an upper bound in any case. */
    private static long ofTree(byte[] json) {
        long weight = (long) CHARACTER * json.length;
        for (int i = 0; i < json.length; i++) {
            weight += switch (json[i]) {
                case '{' -> isFollowedBy('}', json, i) ? EMPTY_OBJECT : EMPTY_OBJECT + FIELDS;
                case '[' -> isFollowedBy(']', json, i) ? EMPTY_ARRAY : EMPTY_ARRAY + ELEMENTS;
                case ':' -> FIELD + VALUE;
                case ',' -> VALUE;
                case '"' -> QUOTE;
                // A fraction, an exponent, and the zero that is less than none.
                case '.', 'e', 'E' -> i > 0 && isDigit(json[i - 1]) ? DIGITS : 0;
                case '-' -> isFollowedBy('0', json, i) ? DIGITS : 0;
                default -> 0;
            };
        }
        return weight;
    }

    private static boolean isDigit(byte character) {
        return character >= '0' && character <= '9';
    }

    private static boolean isFollowedBy(char end, byte[] json, int position) {
        return position + 1 < json.length && json[position + 1] == end;
    }
}
