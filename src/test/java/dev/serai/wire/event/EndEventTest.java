package dev.serai.wire.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.wire.EndConversation;
import dev.serai.wire.IgnoredFields;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.SampleRecords;
import dev.serai.wire.WireSchemas;
import dev.serai.wire.event.Decoded.End;
import dev.serai.wire.event.Decoded.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Issue 15: events that end a conversation. */
@Timeout(120)
class EndEventTest {
    @Test
    void completeEvent_keepsEveryField() {
        String complete =
                "{'schema_version':1,'action':'end','event_id':'e','character_id':'c','reason':'left','tenant':'acme','final':false}";
        WireSchemas.assertEndEvent(SampleRecords.json(complete));

        assertThat(Decoding.end(complete)).isEqualTo(new EndConversation("e", "c", "left", "acme", false));
    }

    @Test
    void leastEvent_isAboutAllCharactersOfTheDefaultTenant() {
        assertThat(Decoding.end("{'action':'end'}"))
                .isEqualTo(new EndConversation("conversation.start-3-41", null, null, "default", false));
        assertThat(
                        Decoding.end(
                                "{'action':'end','event_id':null,'character_id':null,'reason':null,'tenant':null,'final':null,'schema_version':null}"))
                .isEqualTo(new EndConversation("conversation.start-3-41", null, null, "default", false));
    }

    @Test
    void finalEvent_endsTheConversationForGood_andAllCharactersOfIt() {
        WireSchemas.assertEndEvent(SampleRecords.json("{'action':'end','event_id':'e','final':true}"));

        assertThat(Decoding.end("{'action':'end','event_id':'e','final':true,'character_id':null}"))
                .isEqualTo(new EndConversation("e", null, null, "default", true));
    }

    /** A start event is none, whatever it says beside. */
    @Test
    void finalStart_isNoted() {
        Decoded decoded = Decoding.check(
                Decoding.decode(SampleRecords.original(SampleRecords.utf8("{\"character_id\":\"c\",\"final\":true}"))));

        assertThat(((Decoded.Accepted) decoded).ignored().notes()).containsExactly("final");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'character_id':'c','action':'start'}", "{'character_id':'c','action':null}"})
    void actionThatStarts_isAStartEvent(String event) {
        WireSchemas.assertStartEvent(SampleRecords.json(event));

        assertThat(Decoding.accepted(event).characterId()).isEqualTo("c");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'action':'stop','character_id':'c'}       | /action: must be "start", which is the default, or "end"
            {'action':'END'}                           | /action: must be "start", which is the default, or "end"
            {'action':''}                              | /action: must be "start", which is the default, or "end"
            {'action':7}                               | /action: must be "start", which is the default, or "end"
            {'action':['end']}                         | /action: must be "start", which is the default, or "end"
            {'action':'end','tenant':'nobody'}         | /tenant: nobody is unknown
            {'action':'end','event_id':''}             | /event_id: must not be empty
            {'action':'end','character_id':7}          | /character_id: must be a string, and is a whole number
            {'action':'end','reason':{}}               | /reason: must be a string, and is an object
            {'action':'end','final':'true'}            | /final: must be a boolean, and is a string
            {'action':'end','final':1}                 | /final: must be a boolean, and is a whole number
            {'action':'end','final':true,'character_id':'c'} | /character_id: expected none in an event of "final": true
            {'action':'end','schema_version':2}        | /schema_version: must be 1
            """)
    void eventThatIsNotInOrder_isRefusedWithTheReason(String event, String reason) {
        assertThat(Decoding.refused(event).reason()).contains(reason);
    }

    @Test
    void reason_isBounded() {
        assertThat(Decoding.end("{'action':'end','reason':'" + "x".repeat(500) + "'}")
                        .reason())
                .hasSize(500);
        assertThat(Decoding.refused("{'action':'end','reason':'" + "x".repeat(501) + "'}")
                        .reason())
                .contains("/reason", "500");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eventWithoutAKey_isRefused(boolean empty) {
        OriginalRecord original = SampleRecords.original(
                empty ? new byte[0] : null, SampleRecords.utf8("{\"action\":\"end\",\"event_id\":\"e\"}"));

        Refused refused = Decoding.refused(original);

        assertThat(refused.reason()).contains("has no key that says which");
        assertThat(refused.eventId()).isEqualTo("e");
    }

    /** A deadline is none of its fields: a late end still ends. */
    @Test
    void unknownFields_areNoted_andSoAreThoseOfStartEvents() {
        String event = "{\"action\":\"end\",\"ttl_ms\":1,\"charakter_id\":\"c\",\"Reason\":\"x\"}";

        Decoded decoded = Decoding.check(Decoding.decode(SampleRecords.original(SampleRecords.utf8(event))));

        IgnoredFields ignored = ((End) decoded).ignored();
        assertThat(ignored.count()).isEqualTo(3);
        assertThat(ignored.notes())
                .containsExactly("ttl_ms", "charakter_id: did you mean character_id?", "Reason: did you mean reason?");
    }

    @Test
    void itConcerns_itsTenant_andItsCharacterIfItNamesOne() {
        EndConversation all = new EndConversation("e", null, null, "acme", false);
        EndConversation one = new EndConversation("e", "c", null, "acme", false);

        assertThat(all.concerns("acme", "c")).isTrue();
        assertThat(all.concerns("acme", null)).isTrue();
        assertThat(all.concerns("default", "c")).isFalse();
        assertThat(all.concerns(null, "c")).isFalse();
        assertThat(one.concerns("acme", "c")).isTrue();
        assertThat(one.concerns("acme", "d")).isFalse();
        assertThat(one.concerns("acme", null)).isFalse();
    }
}
