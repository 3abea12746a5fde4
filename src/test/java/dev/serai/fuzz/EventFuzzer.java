package dev.serai.fuzz;

import static java.util.Map.entry;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * Makes values and headers of start events: right ones, nearly right ones, what others wrap them in, and rubbish. Of one
 * seed always the same. For one thread.
 */
final class EventFuzzer {
    /** What a publisher may have where it does not belong; nothing but the dead letter's own bytes may show it. */
    static final String SECRET = "eyJhbGciOiJIUzI1NiJ9.eyJzZWNyZXQiOiJmdXp6In0.c2VjcmV0LXNpZ25hdHVyZS1vZi1mdXp6";

    /** Longer ones are refused by the service under test. */
    static final int MAX_EVENT_BYTES = 16 * 1024;

    /** Each with a value that is right. */
    private static final Map<String, String> RIGHT = Map.ofEntries(
            entry("schema_version", "1"),
            entry("event_id", "\"e\""),
            entry("character_id", "\"c\""),
            entry("connection_type", "\"video\""),
            entry("character_session_id", "\"" + SECRET + "\""),
            entry("continuity", "\"fresh\""),
            entry("speaker_id", "\"s\""),
            entry("end_user_id", "\"u\""),
            entry("end_user_metadata", "{\"n\":[1e400,-0,12500000.00],\"token\":\"" + SECRET + "\"}"),
            entry("scene_description", "[{\"name\":\"n\",\"description\":\"d\"}]"),
            entry("dynamic_info", "{\"text\":\"😀\"}"),
            entry("scene_ref", "\"r\""),
            entry("context_ref", "\"r\""),
            entry("connect_options", "{\"debug\":true}"),
            entry("expires_at", "\"2999-01-01T00:00:00Z\""),
            entry("ttl_ms", "600000"),
            entry("tenant", "\"default\""));

    private static final List<String> FIELDS = RIGHT.keySet().stream().sorted().toList();

    private static final List<String> OTHER_NAMES = List.of(
            "characterId",
            "endUserId",
            "event-id",
            "CHARACTER_ID",
            "caracter_id",
            "id",
            "data",
            "colour",
            "",
            " ",
            "a/b~c",
            "😀",
            "x".repeat(99) + "😀",
            "token=" + SECRET,
            SECRET);

    private static final List<String> SCALARS = List.of(
            "0",
            "-0",
            "1",
            "1.0",
            "-1",
            "1e400",
            "-1e-400",
            "1e999999999",
            "-1e-999999999",
            "1e2147483648",
            "1e99999999999999999999",
            "9223372036854775808",
            "12500000.00",
            "3.141592653589793238462643383279502884197",
            "9".repeat(1_000),
            "9".repeat(1_001),
            "true",
            "null",
            "\"\"",
            "\" \"",
            "\"x\"",
            "\"audio\"",
            "\"fresh\"",
            "\"default\"",
            "\"" + SECRET + "\"",
            "\"" + "😀".repeat(256) + "\"",
            "\"" + "x".repeat(511) + "😀\"",
            "\"" + "x".repeat(513) + "\"",
            "\"\\ud83d\"",
            "\"\\u0000\\u001b[2J\\u2028\"",
            "\"2999-01-01T00:00:00Z\"",
            "\"-999999999-01-01T00:00:00Z\"",
            "\"+999999999-12-31T23:59:59Z\"",
            "\"9999-12-31T23:59:59-18:00\"",
            "\"2026-02-30T00:00:00Z\"",
            "{}",
            "[]",
            "[[]]",
            "{\"\":{}}",
            "[{\"name\":\"n\",\"description\":\"d\"}]",
            "[{\"name\":1e400,\"description\":\"d\",\"Name\":1}]",
            "{\"text\":\"t\"}",
            "{\"text\":[" + "{},".repeat(300) + "1]}",
            "{\"debug\":1e400,\"mode\":\"create\"}",
            "{\"characters\":[]}",
            "[".repeat(999) + "]".repeat(999),
            "[".repeat(1_001) + "]".repeat(1_001));

    private static final List<String> ENVELOPES = List.of(
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"data\":%s}",
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"dev.serai.conversation.start.v1\",\"data\":%s}",
            "{\"data\":%s,\"x\":{},\"type\":\"dev.serai.conversation.end.v1\",\"source\":\"" + SECRET
                    + "\",\"id\":\"\",\"specversion\":\"1.0\"}",
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"" + SECRET
                    + "\",\"time\":7,\"data_base64\":\"e30=\",\"data\":%s}",
            "{\"schema\":{\"type\":\"struct\"},\"payload\":%s}",
            "{\"before\":null,\"after\":%s,\"op\":\"c\",\"ts_ms\":1}",
            "{\"Type\":\"Notification\",\"TopicArn\":\"arn\",\"Message\":%s}",
            "{\"Records\":[{\"messageId\":\"1\",\"receiptHandle\":\"r\",\"body\":%s}]}",
            "{\"version\":\"0\",\"detail-type\":\"t\",\"detail\":%s}",
            "{\"Records\":%s}",
            "[%s]",
            "{\"event\":%s}",
            "\uFEFF%s",
            "\u0000\u0000\u0000\u0000\u0007%s",
            "\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0007%s",
            "\u0000\u0000\u0000\u0000\u0007\u0002\u0000%s",
            "%s%1$s");

    /** Headers of CloudEvents, each with values that are right and wrong. */
    private static final Map<String, List<String>> CLOUD_EVENT = Map.of(
            "ce_specversion", List.of("1.0", "1.0", "0.3"),
            "ce_id", List.of("1", SECRET, "😀".repeat(300)),
            "ce_source", List.of("/s", "/s", SECRET),
            "ce_type", List.of("dev.serai.conversation.start.v1", "dev.serai.conversation.end.v1", SECRET),
            "ce_time", List.of("2999-01-01T00:00:00Z", "2026-02-30T00:00:00Z", SECRET),
            "ce_datacontenttype", List.of("application/json", "text/plain", ";;"),
            "ce_traceparent", List.of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", SECRET),
            "ce_subject", List.of(SECRET),
            "content-type",
                    List.of(
                            "application/json",
                            "application/cloudevents+json",
                            "APPLICATION/CloudEvents; charset=utf-16",
                            "application/cloudevents-batch+json"));

    private static final List<String> CLOUD_EVENT_NAMES =
            CLOUD_EVENT.keySet().stream().sorted().toList();

    private final Random random;
    private final String startedCharacter;

    /** @param startedCharacter one that the provider knows */
    EventFuzzer(long seed, String startedCharacter) {
        random = new Random(seed);
        this.startedCharacter = startedCharacter;
    }

    /** The next event's value; null for a tombstone. */
    byte @Nullable [] value() {
        return switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4, 5 -> utf8(event(random.nextInt(3)));
            case 6, 7, 8, 9 -> mutated(utf8(event(random.nextInt(2))));
            case 10, 11 -> utf8(pick(ENVELOPES).formatted(event(random.nextInt(3))));
            case 12, 13 -> utf8(tree(4));
            case 14 -> bytes(random.nextInt(200));
            case 15 -> truncated(utf8(event(1)));
            case 16 -> tooLong();
            case 17 -> utf8(object(3));
            case 18 -> random.nextInt(4) == 0 ? null : utf8(pick(SCALARS));
            default -> utf8("{\"character_id\":\"" + startedCharacter + "\"}");
        };
    }

    /** Further headers of the next event. */
    List<Header> headers() {
        List<Header> headers = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            String name = pick(List.of(
                    "ce_id",
                    "kafka_replyTopic",
                    "REPLY_PARTITION",
                    "REPLY_CORRELATION_ID",
                    "__value_schema_id",
                    "traceparent",
                    "serai-status",
                    "content-type",
                    "x"));
            byte[] value = random.nextInt(5) == 0 ? null : utf8(pick(List.of("", " ", "x", "😀".repeat(257), SECRET)));
            headers.add(new RecordHeader(name, random.nextInt(5) == 0 ? bytes(20) : value));
        }
        if (random.nextInt(4) == 0) {
            for (String name : CLOUD_EVENT_NAMES) {
                if (random.nextInt(4) > 0) {
                    byte[] value = random.nextInt(20) == 0
                            ? bytes(20)
                            : utf8(pick(Objects.requireNonNull(CLOUD_EVENT.get(name))));
                    headers.add(new RecordHeader(name, random.nextInt(20) == 0 ? null : value));
                }
            }
        }
        return headers;
    }

    /** A start event in which so many fields have any value at all. */
    private String event(int wrong) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("event_id", "\"" + (random.nextInt(3) == 0 ? SECRET : "e-" + random.nextInt()) + "\"");
        for (int i = random.nextInt(4); i > 0; i--) {
            String name = pick(FIELDS);
            fields.put(name, RIGHT.get(name));
        }
        for (int i = 0; i < wrong; i++) {
            fields.put(random.nextInt(4) == 0 ? pick(OTHER_NAMES) : pick(FIELDS), pick(SCALARS));
        }
        List<String> written = new ArrayList<>();
        fields.forEach((name, value) -> written.add("\"" + name + "\":" + value));
        Collections.shuffle(written, random);
        return "{" + String.join(",", written) + "}";
    }

    private String object(int fields) {
        StringBuilder object = new StringBuilder("{");
        for (int i = random.nextInt(fields + 1); i > 0; i--) {
            object.append('"').append(pick(OTHER_NAMES)).append("\":").append(pick(SCALARS));
            object.append(i > 1 ? "," : "");
        }
        return object.append('}').toString();
    }

    private String tree(int depth) {
        if (depth == 0 || random.nextInt(4) == 0) {
            return pick(SCALARS);
        }
        List<String> parts = new ArrayList<>();
        boolean isArray = random.nextInt(3) == 0;
        for (int i = random.nextInt(4); i > 0; i--) {
            String name = "\"" + (random.nextBoolean() ? pick(FIELDS) : pick(OTHER_NAMES)) + "\":";
            parts.add((isArray ? "" : name) + tree(depth - 1));
        }
        return isArray ? "[" + String.join(",", parts) + "]" : "{" + String.join(",", parts) + "}";
    }

    private byte[] tooLong() {
        String padding = "\"padding\":\"" + pick(List.of("x", "😀", "\\\\")).repeat(MAX_EVENT_BYTES) + "\"";
        String event = event(1);
        return utf8(
                random.nextBoolean()
                        ? "{" + padding + "," + event.substring(1)
                        : event.substring(0, event.length() - 1) + "," + padding + (random.nextBoolean() ? "}" : ""));
    }

    private byte[] truncated(byte[] event) {
        return Arrays.copyOf(event, random.nextInt(event.length));
    }

    private byte[] mutated(byte[] event) {
        byte[] signs = utf8("{}[]\":,\\u0-.eE+1tfn \n\u2028");
        byte[] mutated = event;
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            int at = random.nextInt(mutated.length);
            byte sign = random.nextInt(3) == 0 ? (byte) random.nextInt(256) : signs[random.nextInt(signs.length)];
            if (random.nextBoolean()) {
                mutated = mutated.clone();
                mutated[at] = sign;
            } else {
                byte[] longer = new byte[mutated.length + 1];
                System.arraycopy(mutated, 0, longer, 0, at);
                longer[at] = sign;
                System.arraycopy(mutated, at, longer, at + 1, mutated.length - at);
                mutated = longer;
            }
        }
        return mutated;
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
