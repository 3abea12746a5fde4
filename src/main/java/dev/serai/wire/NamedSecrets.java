package dev.serai.wire;

import java.util.BitSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Secrets by what is said of them: {@code token=…}, {@code "sessionId":"…"}, {@code no session with id …}. A text without any
 * such word is looked through at some 3 ns for each character, and the patterns are tried at the words only. Stateless.
 */
final class NamedSecrets {
    // Whatever is before it, as in access_token; but character_session_id is an address, not a credential.
    private static final String NAME = "(?:(?:api|access|secret|private)[ _-]?key|token|jwt|password|passwd|pwd|secret"
            + "|credentials?|(?<!character[ _-]?)session[ _-]?id|(?<![a-z])sid|authorization|cookie|jaas\\.config)";

    private static final Pattern NAMING = Pattern.compile("(?is).*" + NAME);

    /** What this service itself says of a name, also of the one setting that has such a name and is none. */
    private static final String OWN_WORDS = "did you mean |not allowed, expected one of "
            + "|(?<=serai\\.reply\\.session-id ?= ?)(?:include|omit)(?![^\\s,;])";

    // The value: masked already, or in quotes (of a kind, escaped or not, closed or cut off), or up to the next space.
    private static final Pattern NAMED = Pattern.compile("(?i)(" + NAME + "\\b[\\\\\"']*\\s*[:=]\\s*+)"
            + "(?!" + OWN_WORDS + ")"
            + "(?:\\[masked]|\\[hidden]|(\\\\*)([\"'])(?s:.*?)(?:(?<!\\\\)\\2\\3|\\z)"
            + "|(?:(?:Bearer|Basic|Token)\\s+)?[^\\s,;}\\]]+)");

    // In prose: "no session with id 5f0c…". What is no word: it has a digit. SASL's mechanisms are none.
    private static final Pattern TOLD =
            Pattern.compile("(?i)((?<!character[ _-])\\b(?:session|token|jwt|sid|bearer|basic"
                    + "|api[ _-]?key|secret|password|credentials?)(?:[ _-]?id)?\\b(?:\\s{1,2}(?:with|the|id|is|was|of|for|named|called"
                    + "|value|begins?|starts?|starting|ends?|ending)\\b){0,4}[\\s:'\"`(<]{1,4})"
                    + "(?!SCRAM-SHA-)(?=[\\w.+/~-]{0,63}?[0-9])[\\w+/~-][\\w.+/=~-]{4,}[\\w=]");

    /** What the two patterns begin with. */
    private static final List<String> BEGINNINGS = List.of(
            "api",
            "access",
            "private",
            "secret",
            "token",
            "jwt",
            "pass",
            "pwd",
            "credential",
            "session",
            "sid",
            "authorization",
            "cookie",
            "jaas.",
            "bearer",
            "basic");

    private NamedSecrets() {}

    /** Whether what has this name is a secret. */
    static boolean isNaming(String name) {
        return NAMING.matcher(name).matches();
    }

    static String masked(String text, String mask) {
        BitSet beginnings = beginnings(text);
        if (beginnings.isEmpty()) {
            return text;
        }
        Matcher named = NAMED.matcher(text).useTransparentBounds(true);
        Matcher told = TOLD.matcher(text).useTransparentBounds(true);
        StringBuilder masked = new StringBuilder(text.length());
        int done = 0;
        for (int at = beginnings.nextSetBit(0); at >= 0; at = beginnings.nextSetBit(Math.max(at + 1, done))) {
            for (Matcher secret : List.of(named, told)) {
                if (secret.region(at, text.length()).lookingAt()) {
                    masked.append(text, done, secret.end(1)).append(mask);
                    done = secret.end();
                    break;
                }
            }
        }
        return masked.append(text, done, text.length()).toString();
    }

    private static BitSet beginnings(String text) {
        String small = small(text);
        BitSet found = new BitSet();
        for (String beginning : BEGINNINGS) {
            for (int at = small.indexOf(beginning); at >= 0; at = small.indexOf(beginning, at + 1)) {
                found.set(at);
            }
        }
        return found;
    }

    /** With small letters of ASCII, and as long as it was. */
    private static String small(String text) {
        char[] letters = text.toCharArray();
        for (int i = 0; i < letters.length; i++) {
            if (letters[i] >= 'A' && letters[i] <= 'Z') {
                letters[i] = Character.toLowerCase(letters[i]);
            }
        }
        return new String(letters);
    }
}
