package dev.serai.connect.answer;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the words of an error answer say where its status alone means several things (contract, section 5): those of its
 * text, or of the label that the provider's documentation has for it. Words are in small letters. Stateless.
 */
final class AnswerWords {
    private static final Pattern MULTI_CHARACTER = Pattern.compile("multi[_ -]?character");

    /** Only {@code connect_options} name these. */
    private static final Pattern SHARED_OR_ROOMS_SESSION = Pattern.compile("(shared|room)[_ -]session");

    private static final Pattern SESSION_ID = Pattern.compile("session[_ -]?id\\b|session_(forbidden|not_found)");

    private static final Pattern A_CERTAIN_SESSION = Pattern.compile("\\b(this|that|the|requested) session\\b"
            + "|\\bsession\\b.{0,40}\\b(belongs?|owned|owner|another|other|different|expired|ended|not found)\\b");

    private static final Pattern INVALID_UUID = Pattern.compile("\\binvalid[_ ]uuid");
    private static final Pattern REALTIME_ACCESS = Pattern.compile("realtime[_ -]access");
    private static final Pattern CHARACTER_NOT_FOUND = Pattern.compile("\\bcharacter[_ -]not[_ -]found\\b");
    private static final Pattern CHARACTER = Pattern.compile("\\bcharacter\\b");
    private static final Pattern AT_A_TIME =
            Pattern.compile("concurren|simultaneous|\\brate\\b|rate[_ -]?limit|per[_ -](second|minute)");
    private static final Pattern ALTOGETHER = Pattern.compile("(?<![a-z])(usage[_ -]?limit|quota|monthly)");

    /** What an answer is about. */
    enum Subject {
        /** The session that the request names. */
        SESSION,
        /** The account, and so everybody's requests. */
        ACCOUNT,
        /** The character. */
        CHARACTER,
        /** Whatever else of the request. */
        REQUEST,
        /** The plan's speakers. */
        SPEAKERS,
        /** What the plan allows altogether. */
        QUOTA,
        /** What the plan allows at a time. */
        LOAD
    }

    private AnswerWords() {}

    /** What the answer is about; null where its words do not say. */
    static @Nullable Subject subject(int status, String words) {
        return switch (status) {
            case 400 -> ofBadRequest(words);
            case 403 -> ofForbidden(words);
            case 404 -> ofNotFound(words);
            case 429 -> ofTooMany(words);
            default -> null;
        };
    }

    private static @Nullable Subject ofBadRequest(String words) {
        if (words.contains("end_user_id") || has(SHARED_OR_ROOMS_SESSION, words)) {
            return Subject.REQUEST;
        }
        return has(SESSION_ID, words) || has(INVALID_UUID, words) ? Subject.SESSION : null;
    }

    private static @Nullable Subject ofForbidden(String words) {
        if (has(MULTI_CHARACTER, words) || has(SHARED_OR_ROOMS_SESSION, words)) {
            return Subject.REQUEST;
        }
        if (words.contains("session_forbidden")) {
            return Subject.SESSION;
        }
        if (has(REALTIME_ACCESS, words)) {
            return Subject.ACCOUNT;
        }
        if (has(SESSION_ID, words) || has(A_CERTAIN_SESSION, words)) {
            return Subject.SESSION;
        }
        return words.contains("realtime") ? Subject.ACCOUNT : null;
    }

    private static @Nullable Subject ofNotFound(String words) {
        if (has(CHARACTER_NOT_FOUND, words)) {
            return Subject.CHARACTER;
        }
        if (has(SHARED_OR_ROOMS_SESSION, words)) {
            return Subject.REQUEST;
        }
        if (words.contains("session")) {
            return Subject.SESSION;
        }
        return has(CHARACTER, words) ? Subject.CHARACTER : null;
    }

    private static @Nullable Subject ofTooMany(String words) {
        if (words.contains("speaker")) {
            return Subject.SPEAKERS;
        }
        if (has(AT_A_TIME, words)) {
            return Subject.LOAD;
        }
        return has(ALTOGETHER, words) ? Subject.QUOTA : null;
    }

    private static boolean has(Pattern pattern, String words) {
        return pattern.matcher(words).find();
    }
}
