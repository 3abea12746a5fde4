package dev.serai.operate.letters;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.Json;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which letters are meant: those that meet all that is said. Immutable.
 *
 * @param reasons any of these categories, or classes of exceptions; all if empty
 * @param since failed then or later
 * @param until failed before that
 * @param key the event's key, byte by byte; not copied, never to be changed
 * @param keyText how whoever asked has written the key
 * @param text is somewhere in value, detail, key or event id, in whatever case
 */
@SuppressWarnings("ArrayRecordComponent") // opaque bytes, never changed
public record LetterFilter(
        Set<String> reasons,
        @Nullable Instant since,
        @Nullable Instant until,
        byte @Nullable [] key,
        @Nullable String keyText,
        @Nullable String tenant,
        @Nullable String text) {
    /** Every letter. */
    @SuppressWarnings("NullAway") // it does not see the annotations of a record's arrays, which may be null
    public static final LetterFilter ALL = new LetterFilter(Set.of(), null, null, null, null, null, null);

    public LetterFilter {
        reasons = Set.copyOf(reasons);
    }

    /** Whether the letter is one of those. */
    public boolean matches(Letter letter) {
        Instant failedAt = letter.failedAt();
        return (reasons.isEmpty() || reasons.contains(letter.reason()))
                && (since == null || !failedAt.isBefore(since))
                && (until == null || failedAt.isBefore(until))
                && (key == null || Arrays.equals(key, letter.asRecord().key()))
                && (tenant == null || tenant.equals(letter.tenant()))
                && (text == null || contains(letter, text.toLowerCase(Locale.ROOT)));
    }

    private static boolean contains(Letter letter, String text) {
        byte[] value = letter.asRecord().value();
        String key = letter.asRecord().conversationKey();
        return letter.detail().toLowerCase(Locale.ROOT).contains(text)
                || (value != null
                        && new String(value, UTF_8).toLowerCase(Locale.ROOT).contains(text))
                || (key != null && key.toLowerCase(Locale.ROOT).contains(text))
                || letter.eventId().toLowerCase(Locale.ROOT).contains(text);
    }

    /** What was asked for, for a record of it; empty if nothing. */
    public ObjectNode json() {
        ObjectNode json = Json.MAPPER.createObjectNode();
        if (!reasons.isEmpty()) {
            reasons.stream().sorted().forEach(json.putArray("category")::add);
        }
        put(json, "since", since);
        put(json, "until", until);
        put(json, "key", keyText);
        put(json, "tenant", tenant);
        put(json, "text", text);
        return json;
    }

    private static void put(ObjectNode json, String field, @Nullable Object value) {
        if (value != null) {
            json.put(field, value.toString());
        }
    }
}
