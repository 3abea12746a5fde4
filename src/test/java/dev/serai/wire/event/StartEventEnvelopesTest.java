package dev.serai.wire.event;

import static dev.serai.wire.event.Decoding.accepted;
import static dev.serai.wire.event.Decoding.refused;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects that are no start events, on a service with a default character: none of them opens a room. */
@Timeout(120)
class StartEventEnvelopesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'specversion':'1.0','id':'1','type':'t','data':{'character_id':'c'}}                       | CloudEvent      | binary
            {'specversion':'1.0','source':'/s','type':'t','data_base64':'e30='}                         | CloudEvent      | binary
            {'specversion':'1.0','id':'1','source':'/s','tenant':'acme','data':{}}                      | CloudEvent      | binary
            {'schema':{'type':'struct'},'payload':{'character_id':'c'}}                                 | Kafka Connect   | schemas.enable=false
            {'schema':null,'payload':{'character_id':'c'}}                                              | Kafka Connect   | schemas.enable=false
            {'before':null,'after':{'character_id':'c'},'source':{},'op':'c','ts_ms':1}                 | Debezium        | ExtractNewRecordState
            {'Type':'Notification','MessageId':'1','TopicArn':'arn:aws:sns:x','Message':'{}'}           | SNS             | raw message delivery
            {'Records':[{'messageId':'1','receiptHandle':'r','body':'{}','eventSource':'aws:sqs'}]}     | SQS             | body
            {'messageId':'1','receiptHandle':'r','body':'{}','attributes':{}}                           | SQS             | body
            {'version':'0','id':'1','detail-type':'t','source':'s','detail':{'character_id':'c'}}       | EventBridge     | $.detail
            """)
    void knownEnvelope_isRefusedByItsNameAndWithWhatToDo(String json, String name, String advice) {
        assertThat(refused(json).reason())
                .contains(name, advice, "serai.intake.NAME.topic")
                .doesNotContain("did you mean");
        assertThat(refused(json).ignored().notes()).isNotEmpty().noneMatch(note -> note.contains("did you mean"));
    }

    /** A transform that adds fields beside an envelope's does not make it an event. */
    @Test
    void envelopeWithFieldsOfAnEvent_isRefusedAsLongAsItNamesNoCharacter() {
        assertThat(refused("{'schema':{},'payload':{},'event_id':'e','ttl_ms':1000}")
                        .reason())
                .contains("Kafka Connect");
        accepted("{'schema':{},'payload':{},'character_id':'c'}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'colour':'brown'}",
                "{'Character_Id':'c'}",
                "{'a':{'character_id':'c'}}",
                "{'order':{'id':7},'customer':'x'}"
            })
    void objectWithoutAnyFieldOfAnEvent_isRefused(String json) {
        assertThat(refused(json).reason()).startsWith("no field of a start event is recognized: expected character_id");
    }

    @Test
    void fieldsInCamelCase_areRefusedWithTheirRightNames() {
        assertThat(refused("{'characterId':'c','endUserId':'u','expiresAt':'2026-01-31T10:00:00Z'}")
                        .reason())
                .contains("characterId: did you mean character_id?", "endUserId: did you mean end_user_id?");
    }

    @Test
    void fieldThatIsNull_isRecognized() {
        accepted("{'character_id':null}");
    }
}
