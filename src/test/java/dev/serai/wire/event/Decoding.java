package dev.serai.wire.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.EndConversation;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.SampleRecords;
import dev.serai.wire.StartConversation;
import dev.serai.wire.event.Decoded.Accepted;
import dev.serai.wire.event.Decoded.End;
import dev.serai.wire.event.Decoded.Refused;
import dev.serai.wire.event.StartEventDecoder.Rules;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A decoder with usual rules, and what every test expects of its answers. */
final class Decoding {
    static final int MAX_BYTES = 256 * 1024;
    static final Duration TTL = Duration.ofSeconds(45);
    static final Duration MAX_CLOCK_SKEW = Duration.ofSeconds(5);
    static final Duration AWAITED_TTL = Duration.ofSeconds(5);
    static final ReplyTopics REPLY_TOPICS = SampleRules.replyTopics("conversation.replies", "team-a.replies");
    static final Deadlines DEADLINES = new Deadlines(
            TTL,
            AWAITED_TTL,
            MAX_CLOCK_SKEW,
            new CorrelationHeaders(List.of("kafka_correlationId", "REPLY_CORRELATION_ID", "traceparent", "B3")));
    static final StartEventDecoder DECODER = decoder("default-character");
    private static final StartEventDecoder WITHOUT_DEFAULT_CHARACTER = decoder(null);

    /** Longer reasons help nobody, and they go into a record header. */
    private static final int MAX_REASON_LENGTH = 1_100;

    private Decoding() {}

    private static StartEventDecoder decoder(@Nullable String defaultCharacter) {
        return new StartEventDecoder(
                new Rules(
                        defaultCharacter,
                        DEADLINES,
                        MAX_BYTES,
                        Set.of("debug", "mode", "a/b~c"),
                        Set.of("default", "acme")),
                REPLY_TOPICS);
    }

    /** Decodes a record that was taken in the moment of its timestamp. */
    static Decoded decode(OriginalRecord original) {
        return DECODER.decode(original, SampleRecords.TIMESTAMP);
    }

    /** The same where events must name a character. */
    static Decoded withoutDefaultCharacter(OriginalRecord original) {
        return WITHOUT_DEFAULT_CHARACTER.decode(original, SampleRecords.TIMESTAMP);
    }

    /** What is seen of such a record. */
    static EventPreview preview(EventPreviews previews, OriginalRecord original) {
        return previews.of(original, SampleRecords.TIMESTAMP);
    }

    /** Decodes an event that must be accepted; single quotes stand for double ones. */
    static StartConversation accepted(String singleQuoted) {
        return accepted(SampleRecords.original(SampleRecords.utf8(singleQuoted.replace('\'', '"'))));
    }

    static StartConversation accepted(ObjectNode event) {
        return accepted(SampleRecords.original(Json.bytes(event)));
    }

    static StartConversation accepted(OriginalRecord original) {
        Decoded decoded = check(decode(original));
        assertThat(decoded).isInstanceOf(Accepted.class);
        return ((Accepted) decoded).event();
    }

    /** Decodes an event that ends its conversation; single quotes stand for double ones. */
    static EndConversation end(String singleQuoted) {
        Decoded decoded = check(decode(SampleRecords.original(SampleRecords.utf8(singleQuoted.replace('\'', '"')))));
        assertThat(decoded).isInstanceOf(End.class);
        return ((End) decoded).event();
    }

    /** Decodes an event that must be refused; single quotes stand for double ones. */
    static Refused refused(String singleQuoted) {
        return refused(SampleRecords.utf8(singleQuoted.replace('\'', '"')));
    }

    static Refused refused(byte @Nullable [] value) {
        return refused(SampleRecords.original(value));
    }

    static Refused refused(OriginalRecord original) {
        Decoded decoded = check(decode(original));
        assertThat(decoded).isInstanceOf(Refused.class);
        return (Refused) decoded;
    }

    /** What holds whatever the bytes are. */
    static Decoded check(Decoded decoded) {
        switch (decoded) {
            case Accepted accepted -> {
                StartConversation event = accepted.event();
                assertThat(characters(event.eventId())).isBetween(1, 512);
                assertThat(event.characterId()).isNotEmpty();
                assertThat(event.expiresAt()).isNotNull();
                assertThat(event.tenant()).isIn("default", "acme");
                assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(String.valueOf(event.connectOptions())))
                        .isTrue();
            }
            case End end -> {
                assertThat(characters(end.event().eventId())).isBetween(1, 512);
                assertThat(end.event().tenant()).isIn("default", "acme");
            }
            case Refused refused -> {
                assertThat(refused.reason())
                        .isNotBlank()
                        .hasSizeLessThanOrEqualTo(MAX_REASON_LENGTH)
                        .doesNotMatch("(?s).*[\\p{Cntrl}\\x85\\u2028\\u2029].*");
                assertThat(characters(refused.eventId())).isBetween(1, 512);
            }
        }
        return decoded;
    }

    /** As the schema counts them. */
    private static int characters(String text) {
        return text.codePointCount(0, text.length());
    }
}
