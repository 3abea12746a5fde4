package dev.serai.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * A sample of a document: a block with a comment before it that says what it is, such as
 * {@code <!-- sample: event, key learner-1, header correlation_id=42 -->}, {@code <!-- sample: reply -->} or
 * {@code <!-- sample: dead letter -->}, or {@code <!-- sample: reply headers -->}; all but the first are of the event before, or
 * {@code to} the one that they name.
 *
 * @param key empty unless it is an event's
 * @param id of the event, if it has one that its text does not name, such as {@code id /source 1}; else empty
 * @param waits whether it is an event that is not answered before the next one is read
 * @param to the id of the event that it answers, empty if that is the one before
 */
public record SampleRecord(
        Kind kind, String key, String id, boolean waits, String to, List<Header> headers, String text) {
    private static final Pattern SAMPLE =
            Pattern.compile("(?:<!-- sample: ([^>]*) -->\n)?```(json|text)\n(.*?)```", Pattern.DOTALL);

    /** What differs from one record to the next, and what is written in its place. */
    private static final List<List<String>> VARYING = List.of(
            List.of("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<uuid>"),
            List.of("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z", "<time>"),
            List.of("req_[0-9a-f]{32}", "<request>"),
            List.of("room-(<uuid>|[0-9a-f]+)", "<room>"),
            List.of("(\"token\" ?: ?)\"[^\"]*\"", "$1<token>"),
            List.of("(\"room_url\" ?: ?)\"wss?://[^\"]*\"", "$1<url>"),
            List.of("(\"(age_ms|queued|enrich|connect)\" ?: ?)\\d+", "$1<ms>"),
            List.of("passed [^\"]* ago", "passed <time> ago"),
            List.of("(serai-original-(?:partition|offset): )\\d+", "$1<number>"));

    private static final ObjectMapper JSON = new ObjectMapper();

    public enum Kind {
        EVENT,
        REPLY,
        REPLY_HEADERS,
        DEAD_LETTER;

        private static Kind named(String name) {
            return valueOf(name.strip().toUpperCase(Locale.ROOT).replace(' ', '_'));
        }
    }

    /** All of a document, in its order; each block of JSON must be one. */
    public static List<SampleRecord> of(Path document) throws IOException {
        List<SampleRecord> samples = new ArrayList<>();
        for (MatchResult found :
                SAMPLE.matcher(Files.readString(document)).results().toList()) {
            if (found.group(1) != null) {
                samples.add(read(found.group(1), found.group(3)));
            } else {
                assertThat(found.group(2))
                        .as(document + " has a block that no <!-- sample: … --> stands before:\n" + found.group(3))
                        .isNotEqualTo("json");
            }
        }
        return samples;
    }

    private static SampleRecord read(String comment, String text) {
        List<String> parts =
                Stream.of(comment.split(",", -1)).map(String::strip).toList();
        String key = "";
        String id = "";
        String to = "";
        boolean waits = false;
        List<Header> headers = new ArrayList<>();
        for (String part : parts.subList(1, parts.size())) {
            if (part.startsWith("key ")) {
                key = part.substring(4);
            } else if (part.startsWith("id ")) {
                id = part.substring(3);
            } else if (part.startsWith("to ")) {
                to = part.substring(3);
            } else if (part.equals("waits")) {
                waits = true;
            } else {
                String[] header = part.substring("header ".length()).split("=", 2);
                headers.add(new RecordHeader(header[0], header[1].getBytes(StandardCharsets.UTF_8)));
            }
        }
        return new SampleRecord(Kind.named(parts.getFirst()), key, id, waits, to, headers, text);
    }

    /** Compares it with a record, but for ids, times and secrets: the same fields in the same order, the same values. */
    public void assertLike(String actual) throws IOException {
        assertThat(normal(actual)).as("sample:\n" + text).isEqualTo(normal(text));
    }

    private static String normal(String text) throws IOException {
        String normal = text.strip().startsWith("{") ? JSON.readTree(text).toPrettyString() : text.strip();
        for (List<String> each : VARYING) {
            normal = normal.replaceAll(each.getFirst(), each.getLast());
        }
        return normal.lines().map(String::stripTrailing).collect(Collectors.joining("\n"));
    }
}
