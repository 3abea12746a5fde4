package dev.serai.wire.event;

import static dev.serai.wire.event.Decoding.accepted;
import static dev.serai.wire.event.Decoding.check;
import static dev.serai.wire.event.Decoding.decode;
import static dev.serai.wire.event.Decoding.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.Tries;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RecordHeader;
import dev.serai.wire.SampleRecords;
import dev.serai.wire.StartConversation;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What serializers of schema registries make of events. */
@Timeout(120)
class RegistryFrameTest {
    private static final String EVENT =
            "{\"event_id\":\"e\",\"character_id\":\"c\",\"tenant\":\"acme\",\"ttl_ms\":1500}";

    private final EventPreviews previews =
            new EventPreviews(Decoding.DEADLINES, Set.of("default", "acme"), "default-character");

    private static byte[] framed(String hex, String text) {
        return framed(hex, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] framed(String hex, byte[] rest) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(HexFormat.of().parseHex(hex));
        bytes.writeBytes(rest);
        return bytes.toByteArray();
    }

    /** Ids whose bytes are signs of JSON, white space and a byte order mark behind the frame, and ids of eight bytes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000001",
                "007b7b7b7b",
                "00ffffffff",
                "0000007b22",
                "0000000001efbbbf",
                "000000000120090d0a",
                "000000000000000001",
                "00000000007b7b7b7b"
            })
    void jsonBehindAFrame_isAnEventAsWithoutIt_toThePreviewToo(String frame) {
        OriginalRecord original = SampleRecords.original(framed(frame, EVENT));

        StartConversation event = accepted(original);

        assertThat(event).isEqualTo(accepted(SampleRecords.original(SampleRecords.utf8(EVENT))));
        assertThat(Decoding.preview(previews, original))
                .isEqualTo(new EventPreview(
                        event.tenant(), event.expiresAt(), event.characterId(), event.priority(), false));
    }

    @Test
    void endEventBehindAFrame_isSeenAsOne() {
        byte[] end = framed("0000000007", "{\"action\":\"end\"}");

        assertThat(check(decode(SampleRecords.original(end)))).isInstanceOf(Decoded.End.class);
        assertThat(Decoding.preview(previews, SampleRecords.original(end)).ends())
                .isTrue();
    }

    /** Avro's, Protobuf's with the index of its message and without, nothing, and JSON that is no object. */
    @ParameterizedTest
    @CsvSource({
        "00000000070266026300, 7",
        "00000000070066026300, 7",
        "0000000007020a0163, 7",
        "00000000070a0163, 7",
        "0000000007, 7",
        "000000000000000000, 0"
    })
    void otherFormatBehindAFrame_isRefusedByItsName(String hex, String id) {
        assertThat(refused(framed(hex, "")).reason())
                .startsWith("the event is in schema-registry wire format, not JSON: ")
                .contains("(" + id + ")", "Avro and Protobuf");
    }

    /** It can begin like an object, and it can be an object that is cut off. */
    @Test
    void whatBeginsLikeAnObjectBehindAFrame_andIsNone_isSaidToBeFramed() {
        assertThat(refused(framed("0000000007", "{\u0002f\u0002")).reason())
                .startsWith("the event, which is in schema-registry wire format, is not valid JSON: ");
        assertThat(refused(framed("00000000077bff", "")).reason())
                .isEqualTo("the event, which is in schema-registry wire format, is not valid UTF-8");
        assertThat(refused(framed("00ffffffff", "[]")).reason())
                .isEqualTo("the event, which is in schema-registry wire format, is an array: expected a JSON object");
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "0000", "00000000", "007b00220065"})
    void fewerBytes_orUtf16_areNoFrame(String hex) {
        assertThat(refused(framed(hex, "")).reason()).doesNotContain("registry");
    }

    /** As the dead letter of what is refused for another reason is found by its own id. */
    @Test
    void refusedEventBehindAFrame_isAnsweredByItsOwnId() {
        assertThat(refused(framed("0000000007", "{\"event_id\":\"own\",")).eventId())
                .isEqualTo("own");
        assertThat(refused(framed("0000000007", "{\"event_id\":\"own\",\"ttl_ms\":0}"))
                        .eventId())
                .isEqualTo("own");
    }

    @ParameterizedTest
    @ValueSource(strings = {"__value_schema_id", "apicurio.value.globalId", "apicurio.value.contentId"})
    void idInAHeader_passesWithJson_andNamesTheFormatOfWhatIsNone(String header) {
        byte[] id = {1, 2, 3, 4};
        accepted(SampleRecords.original(SampleRecords.utf8(EVENT), new RecordHeader(header, id)));

        assertThat(refused(SampleRecords.original(new byte[] {2, 'f', (byte) 0xff, 'c'}, new RecordHeader(header, id)))
                        .reason())
                .startsWith("the event is not valid UTF-8; by its header ")
                .endsWith(" it is in schema-registry wire format, not JSON: Avro and Protobuf are not read");
        assertThat(refused(SampleRecords.original(SampleRecords.utf8("[]"), new RecordHeader(header, id)))
                        .reason())
                .isEqualTo("the event is an array: expected a JSON object");
    }

    @Test
    void noBytesBehindAFrame_makeItThrow() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < Tries.of(20_000); round++) {
            byte[] bytes = framed("0000000001", EVENT);
            for (int change = random.nextInt(4); change > 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            OriginalRecord original = SampleRecords.original(Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)));
            assertThat(check(decode(original)))
                    .as("seed %d, round %d", seed, round)
                    .isNotNull();
            assertThat(Decoding.preview(previews, original).deadline())
                    .as("seed %d, round %d", seed, round)
                    .isNotNull();
        }
    }
}
