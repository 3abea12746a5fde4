package dev.serai.wire.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.Tries;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RecordHeader;
import dev.serai.wire.SampleRecords;
import dev.serai.wire.StartConversation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class EventPreviewsTest {
    private static final Instant DEFAULT = SampleRecords.TIMESTAMP.plus(Decoding.TTL);

    private final EventPreviews previews =
            new EventPreviews(Decoding.DEADLINES, Set.of("default", "acme"), "default-character");

    private EventPreview preview(String singleQuoted) {
        return Decoding.preview(previews, SampleRecords.original(SampleRecords.utf8(singleQuoted.replace('\'', '"'))));
    }

    /** The same as decoding finds: a preview that differs would put the event into another's place. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'character_id':'c'}",
                "{'tenant':'acme','ttl_ms':1000}",
                "{'tenant':'acme','ttl_ms':10e3}",
                "{'expires_at':'2026-01-31T12:00:00+01:00','scene_description':[{'name':'a','description':'b'}]}",
                "{'end_user_metadata':{'tenant':'acme','ttl_ms':5,'deep':[[{}]]},'ttl_ms':31536000000}",
                "{'ttl_ms':null,'expires_at':null,'tenant':null}",
                "{'priority':'batch'}",
                "{'priority':'live','tenant':'acme'}",
                "{'priority':null}",
                "{'connect_options':{'debug':true},'tenant':'acme','expires_at':'2026-01-31T10:00:01.5Z'}"
            })
    void whatDecodingAccepts_isSeenAsItDoes(String event) {
        StartConversation decoded = Decoding.accepted(event);

        assertThat(preview(event))
                .isEqualTo(new EventPreview(
                        decoded.tenant(), decoded.expiresAt(), decoded.characterId(), decoded.priority(), false));
    }

    /** A client that waits gives up after its own time, unless the event says how long it waits. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'character_id':'c'}                                             | kafka_correlationId  | 5000
            {'character_id':'c','ttl_ms':null,'expires_at':null}             | REPLY_CORRELATION_ID | 5000
            {'character_id':'c','ttl_ms':60000}                              | kafka_correlationId  | 60000
            {'character_id':'c','expires_at':'2026-01-31T10:00:09Z'}         | kafka_correlationId  | 9000
            {'character_id':'c'}                                             | traceparent          | 45000
            {'character_id':'c'}                                             | B3                   | 45000
            {'character_id':'c'}                                             | KAFKA_CORRELATIONID  | 45000
            {'character_id':'c'}                                             | another              | 45000
            """)
    void eventThatAClientWaitsFor_hasAsLongAsTheClient(String event, String header, int millis) {
        byte[] value = SampleRecords.utf8(event.replace('\'', '"'));
        OriginalRecord original = SampleRecords.original(value, SampleRecords.header(header, "1"));
        OriginalRecord nulled = SampleRecords.original(
                SampleRecords.utf8("{\"character_id\":\"c\"}"),
                SampleRecords.header(header, "1"),
                new RecordHeader(header, null));

        assertThat(Decoding.preview(previews, original).deadline())
                .isEqualTo(SampleRecords.TIMESTAMP.plusMillis(millis))
                .isEqualTo(Decoding.accepted(original).expiresAt());
        assertThat(Decoding.preview(previews, nulled).deadline())
                .isEqualTo(DEFAULT)
                .isEqualTo(Decoding.accepted(nulled).expiresAt());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'expires_at':'tomorrow','ttl_ms':'5'}",
                "{'expires_at':{'tenant':'nobody','ttl_ms':7},'ttl_ms':[{'tenant':'nobody'}]}",
                "{'ttl_ms':1e999999999}",
                "{'ttl_ms':99999999999999999999999}",
                "{'expires_at':'-1999999999-01-01T00:00:00Z'}",
                "{'expires_at':'+999999999-12-31T23:59:59Z'}",
                "{'expires_at':'-999999999-01-01T00:00:00Z'}",
                "{'expires_at':'9999-12-31T23:59:59-01:00'}"
            })
    void whatCannotBeUsed_standsAsAnEventThatSaysNothing(String event) {
        assertStands(preview(event), "default", DEFAULT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "nonsense",
                "{'tenant':'nobody'}",
                "{'tenant'",
                "{'tenant':7}",
                "{'tenant':{'tenant':'acme'}}",
                "{'tenant':['acme'],'ttl_ms':'5'}"
            })
    void tenantThatThereIsNot_isNone(String event) {
        assertStands(preview(event), null, DEFAULT);
    }

    @Test
    void recordWithoutValue_isOfNoTenant() {
        assertStands(Decoding.preview(previews, SampleRecords.original(null)), null, DEFAULT);
    }

    @Test
    void timestampAheadOfTheClock_countsAsFarAsItMay() {
        OriginalRecord ahead = new OriginalRecord(
                "start",
                0,
                0,
                SampleRecords.TIMESTAMP.plusSeconds(3_600),
                new byte[0],
                SampleRecords.utf8("{}"),
                List.of());

        assertThat(Decoding.preview(previews, ahead).deadline()).isEqualTo(DEFAULT.plus(Decoding.MAX_CLOCK_SKEW));
    }

    @Test
    void longEvent_isLookedAtInPart() {
        String text = "\"" + "a".repeat(100_000) + "\"";

        assertStands(
                preview("{'tenant':'acme','ttl_ms':1000,'text':" + text + "}"),
                "acme",
                SampleRecords.TIMESTAMP.plus(Duration.ofSeconds(1)));
        assertStands(preview("{'tenant':'acme','text':" + text + ",'ttl_ms':1000}"), "acme", DEFAULT);
    }

    /** An end event must not cancel what may be another tenant's; where there is no other, it need not be seen. */
    @Test
    void tenantThatIsNotSeen_isUnknown_unlessThereIsOneOnly() {
        String text = "\"" + "a".repeat(100_000) + "\"";
        String event = "{'text':" + text + ",'tenant':'acme'}";
        OriginalRecord original = SampleRecords.original(SampleRecords.utf8(event.replace('\'', '"')));
        EventPreviews ofOne = new EventPreviews(Decoding.DEADLINES, Set.of("acme"), "default-character");

        assertThat(preview(event).tenant()).isNull();
        assertThat(previews.ofWhole(original, SampleRecords.TIMESTAMP).tenant()).isEqualTo("acme");
        assertThat(Decoding.preview(ofOne, original).tenant()).isEqualTo("acme");
        assertThat(Decoding.preview(ofOne, SampleRecords.original(SampleRecords.utf8("{}")))
                        .tenant())
                .isNull();
    }

    private static void assertStands(EventPreview seen, @Nullable String tenant, Instant deadline) {
        assertThat(seen.tenant()).isEqualTo(tenant);
        assertThat(seen.deadline()).isEqualTo(deadline);
        assertThat(seen.ends()).isFalse();
    }

    /** On the consumer's thread: not as long as the event is. */
    @Test
    void eventId_isThatOfWhatIsLookedAt() {
        String text = "\"" + "a".repeat(100_000) + "\"";

        assertThat(eventId("{'event_id':'job/1','text':" + text + "}")).isEqualTo("job/1");
        assertThat(eventId("{'text':'short','event_id':'job/1'}")).isEqualTo("job/1");
        assertThat(eventId("{'text':" + text + ",'event_id':'job/1'}")).isNotEqualTo("job/1");
    }

    private static String eventId(String singleQuoted) {
        return EventPreviews.eventId(SampleRecords.original(SampleRecords.utf8(singleQuoted.replace('\'', '"'))));
    }

    /** What ends its conversation is seen wherever it says so; the rest of it is decoded then. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'action':'end'}                                                   | true
            {'tenant':'acme','ttl_ms':1,'character_id':'c','action':'end'}     | true
            {'\\u0061ction':'end'}                                            | true
            {'action':'start'}                                                 | false
            {'action':null}                                                    | false
            {'action':['end']}                                                 | false
            {'end_user_metadata':{'action':'end'}}                             | false
            {'action':'END'}                                                   | false
            """)
    void endEvent_isSeen(String event, boolean ends) {
        assertThat(preview(event).ends()).isEqualTo(ends);
    }

    /** An end event that names a character must not cancel what may be another's. */
    @Test
    void character_isTheNamedOne_orTheDefault_orUnknown() {
        String text = "\"" + "a".repeat(100_000) + "\"";

        assertThat(preview("{'character_id':'c'}").characterId()).isEqualTo("c");
        assertThat(preview("{'character_id':null}").characterId()).isEqualTo("default-character");
        assertThat(preview("{'tenant':'acme'}").characterId()).isEqualTo("default-character");
        assertThat(preview("{'character_id':7}").characterId()).isNull();
        assertThat(preview("{'text':" + text + ",'character_id':'c'}").characterId())
                .isNull();
        assertThat(preview("{'text':").characterId()).isNull();
    }

    @Test
    void noBytes_makeItThrow() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] sample = SampleRecords.utf8(
                "{\"tenant\":\"acme\",\"expires_at\":\"2026-01-31T10:00:00Z\",\"ttl_ms\":1000,\"a\":[{\"b\":1.5e3}]}");
        for (int round = 0; round < Tries.of(20_000); round++) {
            byte[] bytes = sample.clone();
            for (int change = 0; change <= random.nextInt(4); change++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            assertThat(Decoding.preview(previews, SampleRecords.original(bytes)).tenant())
                    .as("seed %d, round %d", seed, round)
                    .isIn("default", "acme", null);
        }
    }
}
