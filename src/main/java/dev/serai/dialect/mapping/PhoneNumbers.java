package dev.serai.dialect.mapping;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers of telephones, however they are written, in one form. Immutable and thread-safe. */
final class PhoneNumbers {
    private static final PhoneNumberUtil NUMBERS = PhoneNumberUtil.getInstance();

    /** What systems put where the number of a caller was withheld, or is not known. */
    private static final Set<String> NOBODY = Set.of(
            "anonymous",
            "anonymous caller",
            "blocked",
            "private",
            "private caller",
            "restricted",
            "unavailable",
            "unknown",
            "withheld",
            "no caller id",
            "not available",
            "unknown number",
            "private number",
            // What programs write for a value that is not there.
            "n/a",
            "none",
            "null",
            "undefined",
            // The same in the letters of a keypad, as Twilio has them: ANONYMOUS, BLOCKED, RESTRICTED, UNAVAILABLE,
            // UNKNOWN.
            "+266696687",
            // Has the length of no number, so it is seen without its plus, too.
            "266696687",
            "+2562533",
            "+7378742833",
            "+86282452253",
            "+8656696");

    /** RFC 3323, section 4.1.1.3. */
    private static final Pattern OF_ANONYMOUS_HOST = Pattern.compile("@anonymous\\.invalid(:\\d*)?$");

    /** Punctuation alone, and zeros, which trunks send in place of a number; three of them are dialled in some countries. */
    private static final Pattern FILLER = Pattern.compile("[^\\p{L}\\p{N}*#]+|\\+?0{5,}");

    private static final Pattern URI = Pattern.compile("(?i)(tel|sips?|callto|whatsapp):(.*)", Pattern.DOTALL);
    /** What clients of other kinds are called by, such as {@code client:alice} of Twilio; a blank is no part of a scheme. */
    private static final Pattern OTHER_URI = Pattern.compile("(?i)[a-z][a-z0-9+.-]*:(?!\\s)(.*)", Pattern.DOTALL);

    private static final Pattern ANGLE_BRACKETS = Pattern.compile("[^<>]*<([^<>]+)>.*", Pattern.DOTALL);

    /** Not what has letters: the library makes digits of them, as of a number that spells a word. */
    private static final Pattern DIALLED = Pattern.compile("\\+?[\\p{Nd}\\s()./\\-\u2010-\u2015\u00a0]{2,40}");

    private static final Pattern INTERNATIONAL = Pattern.compile("\\+[1-9]\\d{6,14}");
    private static final int LONGEST = 512;
    private static final char WIDE_PLUS = '\uff0b';

    private final @Nullable String country;

    /** @param country of numbers without a prefix, as in {@link MappingContext} */
    PhoneNumbers(@Nullable String country) {
        if (country != null && !NUMBERS.getSupportedRegions().contains(country)) {
            throw new IllegalArgumentException(
                    "the country must be two letters of ISO 3166-1, such as DE, was " + country);
        }
        this.country = country;
    }

    /**
     * The number in E.164, such as {@code +4915110000001}; the text itself, stripped, for what is no number, such as a name of a
     * queue, a short extension or an address.
     *
     * @return empty for what names nobody
     */
    Optional<String> normal(String text) {
        String stripped = text.strip().replace(WIDE_PLUS, '+');
        if (stripped.length() > LONGEST) {
            return Optional.of(stripped);
        }
        Matcher brackets = ANGLE_BRACKETS.matcher(stripped);
        Matcher uri = URI.matcher(brackets.matches() ? brackets.group(1).strip() : stripped);
        String subscriber = uri.matches() ? subscriber(uri.group(2)) : stripped;
        if (subscriber.isEmpty() || isNobody(subscriber) || isNobodyOfOtherUri(subscriber)) {
            return Optional.empty();
        }
        String user = uri.matches() && subscriber.contains("@") ? userOf(subscriber) : subscriber;
        if (user.isEmpty() || isNobody(user)) {
            return Optional.empty();
        }
        Optional<String> number = e164(user.replaceFirst(";.*", ""));
        if (number.isPresent()) {
            return number.filter(known -> !isNobody(known));
        }
        return Optional.of(subscriber);
    }

    private static boolean isNobodyOfOtherUri(String text) {
        Matcher uri = OTHER_URI.matcher(text);
        return uri.matches() && (uri.group(1).isEmpty() || isNobody(uri.group(1)));
    }

    private static boolean isNobody(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return NOBODY.contains(lower)
                || OF_ANONYMOUS_HOST.matcher(lower).find()
                || FILLER.matcher(lower).matches();
    }

    /** Without parameters and headers: {@code ;ext=12}, {@code ;user=phone}, {@code ?subject=…}; slashes may lead. */
    private static String subscriber(String ofUri) {
        String bare = ofUri.strip().replaceFirst("^//", "");
        return bare.replaceFirst("[?].*", "").replaceFirst(";[^@]*$", "").strip();
    }

    private static String userOf(String address) {
        return address.substring(0, address.lastIndexOf('@'))
                .replaceFirst("[;:].*", "")
                .replace("%2B", "+")
                .replace("%2b", "+")
                .strip();
    }

    private Optional<String> e164(String text) {
        if (!DIALLED.matcher(text).matches()) {
            return Optional.empty();
        }
        boolean isInternational = text.startsWith("+");
        if (!isInternational && country == null) {
            return Optional.empty();
        }
        try {
            PhoneNumber number = NUMBERS.parse(text, country);
            if (NUMBERS.isValidNumber(number)) {
                return Optional.of(NUMBERS.format(number, PhoneNumberFormat.E164));
            }
        } catch (NumberParseException e) {
            // Of a prefix that no country has: what follows says what becomes of it.
        }
        // Numbers come into use before the library knows them; with a plus there is nothing to guess.
        String digits = "+" + PhoneNumberUtil.normalizeDigitsOnly(text);
        return isInternational && INTERNATIONAL.matcher(digits).matches() ? Optional.of(digits) : Optional.empty();
    }
}
