package dev.serai.source.kind;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.serai.source.SourceFailedException;
import dev.serai.source.SourceFailedException.Reason;
import dev.serai.wire.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SourceAnswerTest {
    private static final String PRIVATE = "PRIVATE";

    static Stream<Arguments> forms() {
        String json = "{\"text\":\"grün\"}";
        return Stream.of(
                argumentSet("bytes", json.getBytes(UTF_8)),
                argumentSet("text", json),
                // As services on .NET and Windows write it.
                argumentSet("bytes behind a byte order mark", ("\uFEFF" + json).getBytes(UTF_8)),
                argumentSet("text behind a byte order mark", "\uFEFF" + json),
                argumentSet("bytes in the frame of a schema registry", ("\0\0\0\0\1" + json).getBytes(UTF_8)),
                argumentSet("a frame and a mark", ("\0\0\0\0\1\uFEFF" + json).getBytes(UTF_8)),
                argumentSet("stream", new ByteArrayInputStream(json.getBytes(UTF_8))),
                argumentSet("JSON", Json.MAPPER.createObjectNode().put("text", "grün")),
                argumentSet("map", Map.of("text", "grün")));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void form_isRead(Object body) throws Exception {
        assertThat(answer(body).at("/text").asText()).isEqualTo("grün");
    }

    @Test
    void rows_areAnArray() throws Exception {
        JsonNode rows = answer(List.of(Map.of("name", "quay"), Collections.singletonMap("name", null)));

        assertThat(rows.toString()).isEqualTo("[{\"name\":\"quay\"},{\"name\":null}]");
    }

    static Stream<Arguments> nothing() {
        return Stream.of(
                argumentSet("no body", (Object) null),
                argumentSet("text", " null "),
                argumentSet("bytes", "null".getBytes(UTF_8)),
                argumentSet("JSON", NullNode.getInstance()));
    }

    @ParameterizedTest
    @MethodSource("nothing")
    void nothing_isNothingFound(@Nullable Object body) throws Exception {
        assertThat(SourceAnswer.of("crm", body)).isEmpty();
    }

    static Stream<Arguments> unusable() {
        return Stream.of(
                argumentSet("no JSON", PRIVATE, "it is no JSON"),
                argumentSet("cut off", "{\"text\":\"" + PRIVATE, "it is no JSON"),
                argumentSet("a field twice", "{\"PRIVATE\":1,\"PRIVATE\":2}", "it is no JSON"),
                argumentSet("more than one value", "{} {}", "it is no JSON"),
                argumentSet("deep", "[".repeat(5_000) + "]".repeat(5_000), "it is no JSON"),
                argumentSet("not UTF-8", new byte[] {'"', (byte) 0xff, '"'}, "it is not in UTF-8"),
                argumentSet("in UTF-16", "{}".getBytes(UTF_16), "it is not in UTF-8"),
                argumentSet("half a character", "\"\ud800\"", "it has half a character (an unpaired surrogate)"),
                argumentSet(
                        "Avro of a schema registry",
                        new byte[] {0, 0, 0, 0, 1, 8, 'q', 'u', 'a', 'y'},
                        "it is in the wire format of a schema registry, and no JSON: Avro and Protobuf are not read"),
                argumentSet("a mark alone", "\uFEFF", "it is empty"),
                argumentSet("empty text", "", "it is empty"),
                argumentSet("blank bytes", new byte[] {' ', '\n'}, "it is empty"),
                argumentSet("long text", text(SourceAnswer.MAX_BYTES + 1), "it is longer than 262144 bytes"),
                argumentSet("long in UTF-8", text(SourceAnswer.MAX_BYTES - 2) + "üü", "it is longer than 262144 bytes"),
                argumentSet(
                        "long bytes",
                        text(SourceAnswer.MAX_BYTES + 1).getBytes(UTF_8),
                        "it is longer than 262144 bytes"),
                argumentSet(
                        "value without form", Map.of("self", new Object()), "it has values that have no form in JSON"),
                argumentSet(
                        "another class",
                        URI.create(PRIVATE),
                        "its route left java.net.URI in the body, which is no JSON: convert it to bytes, a text,"
                                + " a map or a list"));
    }

    @ParameterizedTest
    @MethodSource("unusable")
    void whatIsNoAnswer_isRefused_withoutQuotingIt(Object body, String why) {
        assertThatExceptionOfType(SourceFailedException.class)
                .isThrownBy(() -> SourceAnswer.of("crm", body))
                .withMessage("the answer of source crm cannot be used: " + why)
                .extracting(SourceFailedException::reason)
                .isEqualTo(Reason.UNUSABLE);
    }

    @Test
    void longestAnswer_isRead() throws Exception {
        assertThat(answer(text(SourceAnswer.MAX_BYTES)).textValue()).hasSize(SourceAnswer.MAX_BYTES - 2);
    }

    @Test
    void longStream_isReadToTheLimitOnly_andClosed() {
        AtomicBoolean closed = new AtomicBoolean();
        InputStream endless = new InputStream() {
            private int left = SourceAnswer.MAX_BYTES + 1;

            @Override
            public int read() {
                throw new AssertionError("byte by byte");
            }

            @Override
            public int read(byte[] bytes, int from, int length) {
                assertThat(length == 0 || left > 0)
                        .as("more is read than what tells that it is too long")
                        .isTrue();
                int read = Math.min(left, length);
                Arrays.fill(bytes, from, from + read, (byte) ' ');
                left -= read;
                return read;
            }

            @Override
            public void close() {
                closed.set(true);
            }
        };

        assertThatExceptionOfType(SourceFailedException.class)
                .isThrownBy(() -> SourceAnswer.of("crm", endless))
                .withMessageContaining("it is longer than");
        assertThat(closed).isTrue();
    }

    @Test
    void streamThatBreaks_isAFailure_withoutItsWords() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException(PRIVATE);
            }

            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                throw new IOException(PRIVATE);
            }
        };

        assertThatExceptionOfType(SourceFailedException.class)
                .isThrownBy(() -> SourceAnswer.of("crm", broken))
                .withMessage("source crm could not be read to its end")
                .extracting(SourceFailedException::reason)
                .isEqualTo(Reason.FAILED);
    }

    /** JSON of that many bytes. */
    private static String text(int length) {
        return "\"" + "x".repeat(length - 2) + "\"";
    }

    private static JsonNode answer(Object body) throws SourceFailedException {
        return SourceAnswer.of("crm", body).orElseThrow();
    }
}
