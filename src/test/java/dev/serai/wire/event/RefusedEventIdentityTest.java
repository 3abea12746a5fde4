package dev.serai.wire.event;

import static dev.serai.wire.event.Decoding.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.wire.ConnectionType;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RecordHeader;
import dev.serai.wire.SampleRecords;
import dev.serai.wire.event.Decoded.Refused;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who waits for an event that is not even parsed gets an answer by the event's own id. */
@Timeout(120)
class RefusedEventIdentityTest {
    private static final String POSITION = "conversation.start-3-41";
    private static final String LONG = "x".repeat(Decoding.MAX_BYTES);

    @Test
    void eventThatIsTooLong_keepsWhatItSaysOfItself() {
        Refused refused = refused("{'padding':['" + LONG
                + "',{'event_id':'inner','a':[[{}]]}],'connection_type':'video','event_id':'own'," + "'more':'" + LONG
                + "','character_id':'c'}");

        assertThat(refused.reason()).contains("serai.conversation.max-event-bytes");
        assertThat(refused)
                .extracting(Refused::eventId, Refused::characterId, Refused::connectionType)
                .containsExactly("own", "c", ConnectionType.VIDEO);
    }

    @Test
    void eventOfManyMegabytes_isReadWithoutKeepingIt() {
        StringBuilder fields = new StringBuilder("{");
        for (int i = 0; fields.length() < 8 << 20; i++) {
            fields.append('"').append("field-").append(i).append("\":{\"a\":1},");
        }
        byte[] event = SampleRecords.utf8(fields + "\"event_id\":\"own\"}");

        assertThat(refused(event).eventId()).isEqualTo("own");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"event_id":"own",                                    | own
            {"event_id":"own","character_session_id":secret}      | own
            {"event_id":"own","a":"\\x"}                          | own
            {"event_id":"own"} {}                                 | own
            {"event_id":"own","a":1,"a":2}                        | own
            {"event_id":"own","a":"\\ud83d"}                      | own
            {"a":{"event_id":"inner"},"event_id":"own"            | own
            {"a":[{"event_id":"inner"}],                          | conversation.start-3-41
            {"event_id":"own","event_id":"other"}                 | conversation.start-3-41
            {"event_id":"own","event_id":7}                       | conversation.start-3-41
            {"event_id":["own"],                                  | conversation.start-3-41
            {"event_id":"",                                       | conversation.start-3-41
            {"event_id":"\\ud83d",                                | conversation.start-3-41
            {"event_id":"own                                      | conversation.start-3-41
            [{"event_id":"own"}]                                  | conversation.start-3-41
            {"Event_Id":"own",                                    | conversation.start-3-41
            """)
    void eventThatIsNoJson_isAnsweredByItsIdIfThatCanBeRead(String json, String eventId) {
        assertThat(refused(SampleRecords.utf8(json)).eventId()).isEqualTo(eventId);
    }

    @Test
    void byteOrderMark_isPassedOver() {
        assertThat(refused(SampleRecords.utf8("\uFEFF{\"event_id\":\"own\",")).eventId())
                .isEqualTo("own");
    }

    @Test
    void idThatIsTooLong_isNone() {
        assertThat(refused("{'event_id':'" + LONG + "','character_id':'c'}").eventId())
                .isEqualTo(POSITION);
        assertThat(refused("{'event_id':'" + "x".repeat(513) + "',").eventId()).isEqualTo(POSITION);
    }

    /** The schema counts characters, of which one beyond the basic plane is two in Java. */
    @Test
    void idOfCharactersBeyondTheBasicPlane_countsAsTheSchemaCounts() {
        String longest = "\uD83D\uDE00".repeat(512);
        String tooLong = longest + "x";
        OriginalRecord named = SampleRecords.original(
                SampleRecords.utf8("{"), new RecordHeader("ce_id", longest.getBytes(StandardCharsets.UTF_8)));

        assertThat(Decoding.accepted("{'event_id':'" + longest + "'}").eventId())
                .isEqualTo(longest);
        assertThat(refused("{'event_id':'" + longest + "',").eventId()).isEqualTo(longest);
        assertThat(refused("{'event_id':'" + longest + "','character_id':'" + LONG + "'}")
                        .eventId())
                .isEqualTo(longest);
        assertThat(refused(named).eventId()).isEqualTo(longest);
        assertThat(refused("{'event_id':'" + tooLong + "'}").eventId()).isEqualTo(POSITION);
        assertThat(refused("{'event_id':'" + tooLong + "',").eventId()).isEqualTo(POSITION);
    }

    @Test
    void otherEncodings_haveNoId() {
        assertThat(refused("{\"event_id\":\"own\"}".getBytes(StandardCharsets.UTF_16))
                        .eventId())
                .isEqualTo(POSITION);
        assertThat(refused("{\"event_id\":\"öwn\"}".getBytes(StandardCharsets.ISO_8859_1))
                        .eventId())
                .isEqualTo(POSITION);
    }

    @Test
    void eventThatIsRefusedUnread_keepsItsId() {
        Refused refused = Decoding.DECODER.refuse(
                SampleRecords.original(SampleRecords.utf8("{\"event_id\":\"own\",\"a\":[{},{}]}")), "it is too heavy");

        assertThat(refused.eventId()).isEqualTo("own");
        assertThat(refused.reason()).isEqualTo("it is too heavy");
    }
}
