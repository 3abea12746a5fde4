package dev.serai.wire.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.Tries;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RecordHeader;
import dev.serai.wire.SampleRecords;
import dev.serai.wire.event.Decoded.Accepted;
import dev.serai.wire.event.Decoded.End;
import dev.serai.wire.event.Decoded.Refused;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Events, headers and envelopes of a seeded generator: each comes to something, what is refused is refused for a reason that
 * says where, and what is seen of an event before it is decoded is what decoding finds. That all of them are
 * answered is {@code FuzzedEventsTest}'s.
 */
class FuzzedCloudEventsTest {
    /** A header, a JSON pointer, or the whole. */
    private static final Pattern PLACE = Pattern.compile(
            "(in /data(_base64)?: )?(header [a-z_A-Z-]+: |/.*: |the (Cloud)?[eE]vent,? |no field of a start event |something stands behind).*",
            Pattern.DOTALL);

    private static final EventPreviews PREVIEWS =
            new EventPreviews(Decoding.DEADLINES, Set.of("default", "acme"), "default-character");

    private static final Map<String, List<String>> ATTRIBUTES = new TreeMap<>(Map.of(
            "specversion", List.of("1.0", "1.0", "1.0", "0.3", "1"),
            "id", List.of("1", "1", "é", " ", "x".repeat(513)),
            "source", List.of("/s", "/s", "urn:a b", "x".repeat(600)),
            "type",
                    List.of(
                            "dev.serai.conversation.start.v1",
                            "dev.serai.conversation.start.v1",
                            "dev.serai.conversation.end.v1",
                            "dev.serai.conversation.START.v1",
                            "t"),
            "time",
                    List.of(
                            "2026-01-31T09:59:59Z",
                            "2999-01-01t00:00:00.123456789z",
                            "0000-01-01T00:00:00Z",
                            "2026-01-31T10:00:03Z",
                            "now"),
            "datacontenttype", List.of("application/json", "APPLICATION/JSON ;charset=\"UTF-8\"", "text/plain", ";"),
            "subject", List.of("k"),
            "traceparent", List.of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "x"),
            "myextension", List.of("y")));

    private static final List<String> CONTENT_TYPES = List.of(
            "application/cloudevents+json",
            "application/cloudevents+json; charset=utf-8",
            "Application/CloudEvents",
            "application/cloudevents-batch+json",
            "application/cloudevents+xml",
            "application/json",
            "");

    private static final List<String> DATA = List.of(
            "{}",
            "{\"character_id\":\"c\"}",
            "{\"event_id\":\"own\",\"character_id\":\"c\",\"tenant\":\"acme\",\"ttl_ms\":1000}",
            "{\"action\":\"end\"}",
            "{\"action\":\"start\",\"tenant\":\"nobody\"}",
            "{\"expires_at\":\"2026-01-31T10:00:09Z\",\"scene_description\":[{\"name\":\"}\",\"description\":\"\\\"{\"}]}",
            "{\"connect_options\":{\"debug\":1e400},\"dynamic_info\":{\"text\":\"😀\"}}",
            "[]",
            "null",
            "\"{}\"",
            "7");

    private final long seed = Long.getLong("serai.test.seed", new Random().nextLong());
    private final Random random = new Random(seed);

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void fuzzedCloudEvents_comeToSomething_andRefusalsSayWhere() {
        run(Tries.of(5_000));
    }

    @Test
    @Tag("chaos-long")
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void hundredThousandFuzzedCloudEvents_comeToSomething_andRefusalsSayWhere() {
        run(100_000);
    }

    private void run(int events) {
        Map<String, Integer> outcomes = new TreeMap<>();
        for (int round = 0; round < events; round++) {
            OriginalRecord original = original();
            String at = "serai.test.seed=" + seed + ", round " + round;
            try {
                outcomes.merge(look(original, at), 1, Integer::sum);
            } catch (RuntimeException e) {
                throw new AssertionError(at, e);
            }
        }
        System.out.println("FuzzedCloudEventsTest: " + outcomes);
        assertThat(outcomes.keySet()).contains("started", "ended", "refused");
    }

    private static String look(OriginalRecord original, String at) {
        EventPreview preview = Decoding.preview(PREVIEWS, original);
        String eventId = StartEventDecoder.eventId(original);
        return switch (Decoding.check(Decoding.decode(original))) {
            case Accepted accepted -> {
                assertThat(preview)
                        .as(at)
                        .isEqualTo(new EventPreview(
                                accepted.event().tenant(),
                                accepted.event().expiresAt(),
                                accepted.event().characterId(),
                                accepted.event().priority(),
                                false));
                assertThat(eventId).as(at).isEqualTo(accepted.event().eventId());
                yield "started";
            }
            case End end -> {
                assertThat(preview.ends()).as(at).isTrue();
                assertThat(preview.tenant()).as(at).isEqualTo(end.event().tenant());
                assertThat(eventId).as(at).isEqualTo(end.event().eventId());
                yield "ended";
            }
            case Refused refused -> {
                assertThat(refused.reason()).as(at).matches(PLACE);
                yield "refused";
            }
        };
    }

    private OriginalRecord original() {
        boolean structured = random.nextBoolean();
        List<RecordHeader> headers = new ArrayList<>();
        if (random.nextInt(4) > 0) {
            headers.add(header("content-type", random.nextInt(3) == 0 ? pick(CONTENT_TYPES) : right(structured)));
        }
        if (!structured || random.nextInt(8) == 0) {
            attributes().forEach((name, value) -> headers.add(header("ce_" + name, value)));
        }
        if (random.nextInt(3) == 0) {
            headers.add(header(pick(List.of("kafka_correlationId", "REPLY_CORRELATION_ID", "traceparent")), "7"));
        }
        String data = random.nextInt(3) == 0 ? pick(DATA) : pick(DATA.subList(0, 4));
        byte @Nullable [] value =
                random.nextInt(50) == 0 ? null : framed(SampleRecords.utf8(structured ? structured(data) : data));
        return SampleRecords.original(
                value != null && value.length > 0 && random.nextInt(5) == 0 ? mutated(value) : value,
                headers.toArray(RecordHeader[]::new));
    }

    /** Often as a schema registry's serializer writes it. */
    private byte[] framed(byte[] value) {
        byte[] frame = new byte[pick(List.of(0, 0, 0, 5, 5, 9))];
        if (frame.length > 0) {
            frame[frame.length - 1] = (byte) random.nextInt(256);
        }
        byte[] framed = Arrays.copyOf(frame, frame.length + value.length);
        System.arraycopy(value, 0, framed, frame.length, value.length);
        return framed;
    }

    private static String right(boolean structured) {
        return structured ? CONTENT_TYPES.getFirst() : "application/json";
    }

    private Map<String, String> attributes() {
        Map<String, String> attributes = new TreeMap<>();
        ATTRIBUTES.forEach((name, values) -> {
            boolean isRequired = List.of("specversion", "id", "source", "type").contains(name);
            if (random.nextInt(isRequired ? 20 : 3) > (isRequired ? 0 : 1)) {
                attributes.put(name, random.nextInt(12) == 0 ? pick(values) : values.getFirst());
            }
        });
        if (random.nextInt(3) == 0 && attributes.containsKey("type")) {
            attributes.put("type", "dev.serai.conversation.end.v1");
        }
        return attributes;
    }

    private String structured(String data) {
        List<String> fields = new ArrayList<>();
        attributes().forEach((name, value) -> fields.add("\"" + name + "\":\"" + value + "\""));
        fields.add("\"data\":" + data);
        if (random.nextInt(6) == 0) {
            fields.add(pick(List.of(
                    "\"ext\":{\"a\":[{}]}",
                    "\"data_base64\":\"e30=\"",
                    "\"data_base64\":null",
                    "\"id\":7",
                    "\"x\":null")));
        }
        Collections.shuffle(fields, random);
        return "{" + String.join(",", fields) + "}";
    }

    private RecordHeader header(String name, String value) {
        return switch (random.nextInt(30)) {
            case 0 -> new RecordHeader(name, null);
            case 1 -> new RecordHeader(name, mutated(SampleRecords.utf8(value + " ")));
            default -> SampleRecords.header(name, value);
        };
    }

    private byte[] mutated(byte[] bytes) {
        byte[] mutated = random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes.clone();
        for (int change = random.nextInt(3); change > 0 && mutated.length > 0; change--) {
            mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
        }
        return mutated;
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
