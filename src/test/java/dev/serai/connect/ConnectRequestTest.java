package dev.serai.connect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.ConnectionType;
import dev.serai.wire.Json;
import dev.serai.wire.Priority;
import dev.serai.wire.SampleRecords;
import dev.serai.wire.SceneElement;
import dev.serai.wire.StartConversation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class ConnectRequestTest {

    private static JsonNode body(ConnectRequest request) throws IOException {
        return Json.MAPPER.readTree(request.toBody().toBytes(null));
    }

    private static ConnectRequest leastRequest() {
        return new ConnectRequest(SampleRecords.leastEvent(), null, List.of(), null);
    }

    private static StartConversation withOptions(StartConversation event, ObjectNode options) {
        return new StartConversation(
                event.eventId(),
                event.characterId(),
                event.connectionType(),
                event.characterSessionId(),
                event.continuity(),
                event.speakerId(),
                event.endUserId(),
                event.endUserMetadata(),
                event.sceneDescription(),
                event.dynamicInfo(),
                event.sceneRef(),
                event.contextRef(),
                options,
                event.expiresAt(),
                event.tenant(),
                event.closeAfter(),
                event.priority());
    }

    @Test
    void leastRequest_isCharacterAndTypeOnly() throws Exception {
        assertThat(body(leastRequest()))
                .isEqualTo(SampleRecords.json("{'character_id':'character-1','connection_type':'audio'}"));
    }

    /** The contract's section 1, and of section 2 what the event says. */
    @Test
    void completeRequest_isInTheContractsFields() throws Exception {
        ConnectRequest request = new ConnectRequest(
                SampleRecords.event(),
                "session-1",
                List.of(new SceneElement("desk", "oak"), new SceneElement("lamp", "lit")),
                SampleRecords.json("{'text':'it rains','keep_in_context':true}"));

        assertThat(body(request))
                .isEqualTo(SampleRecords.json("{'character_id':'character-1','connection_type':'video',"
                        + "'character_session_id':'session-1','speaker_id':'PRIVATE-speaker',"
                        + "'end_user_id':'PRIVATE-user','end_user_metadata':{'name':'PRIVATE'},"
                        + "'dynamic_info':{'text':'it rains','keep_in_context':true},"
                        + "'scene_description':[{'name':'desk','description':'oak'},"
                        + "{'name':'lamp','description':'lit'}],'debug':'PRIVATE'}"));
    }

    @ParameterizedTest
    @EnumSource
    void connectionType_isInLowerCase(ConnectionType type) throws Exception {
        ConnectRequest request = new ConnectRequest(
                SampleRecords.leastEvent("event", "character", type, null, SampleRecords.TIMESTAMP, Priority.LIVE),
                null,
                List.of(),
                null);

        assertThat(body(request).get("connection_type").textValue())
                .isEqualTo(type.name().toLowerCase(Locale.ROOT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "character_id",
                "connection_type",
                "character_session_id",
                "dynamic_info",
                "scene_description",
                "speaker_id"
            })
    void option_replacesNoFieldOfTheContract(String field) throws Exception {
        ObjectNode options = Json.MAPPER.createObjectNode().put(field, "from options");

        ConnectRequest least =
                new ConnectRequest(withOptions(SampleRecords.leastEvent(), options), null, List.of(), null);
        assertThat(body(least)).isEqualTo(body(leastRequest()));

        StartConversation event = SampleRecords.event();
        ConnectRequest complete = new ConnectRequest(event, "session-1", event.sceneDescription(), event.dynamicInfo());
        assertThat(body(new ConnectRequest(
                        withOptions(event, event.connectOptions().deepCopy().put(field, "from options")),
                        complete.characterSessionId(),
                        complete.scene(),
                        complete.dynamicInfo())))
                .isEqualTo(body(complete));
    }

    @Test
    void furtherOptions_areSentAsTheyAre() throws Exception {
        ObjectNode options = SampleRecords.json("{'audio_config':{'output':{'audio_routing':'both'}},'debug':false}");
        JsonNode body =
                body(new ConnectRequest(withOptions(SampleRecords.leastEvent(), options), null, List.of(), null));

        assertThat(body.get("audio_config")).isEqualTo(options.get("audio_config"));
        assertThat(body.get("debug").booleanValue()).isFalse();
    }

    @Test
    void request_leavesTheEventAsItIs() {
        StartConversation event = SampleRecords.event();

        new ConnectRequest(event, null, List.of(), null).toBody();

        assertThat(event).isEqualTo(SampleRecords.event());
    }

    @Test
    void withoutSession_differsInTheSessionOnly() throws Exception {
        StartConversation event = SampleRecords.event();
        ConnectRequest request = new ConnectRequest(event, "session-1", event.sceneDescription(), event.dynamicInfo());
        ObjectNode expected = ((ObjectNode) body(request)).without("character_session_id");

        assertThat(Json.MAPPER.readTree(request.toBody().withoutSession().toBytes(null)))
                .isEqualTo(expected);
    }

    @Test
    void body_isUtf8() throws Exception {
        ConnectRequest request =
                new ConnectRequest(SampleRecords.leastEvent(), null, List.of(new SceneElement("Zoë", "😀 \"\n")), null);

        assertThat(body(request).at("/scene_description/0/name").textValue()).isEqualTo("Zoë");
        assertThat(body(request).at("/scene_description/0/description").textValue())
                .isEqualTo("😀 \"\n");
    }

    @Test
    void toString_showsNothingPrivate() {
        StartConversation event = SampleRecords.event();
        ConnectRequest request = new ConnectRequest(event, "PRIVATE", event.sceneDescription(), event.dynamicInfo());

        assertThat(request.toString()).contains("event-1").doesNotContain(SampleRecords.PRIVATE);
    }

    @Test
    void bodyWithoutAnySession_hasAllElse_digitByDigit() {
        String body =
                "{\"room_session_id\":\"r\",\"characters\":[{\"character_id\":\"a\",\"character_session_id\":\"x\"},"
                        + "{\"character_id\":\"b\"},{\"character_session_id\":\"y\",\"n\":1.50}],\"debug\":true}";

        ConnectBody without =
                new ConnectBody(body.getBytes(StandardCharsets.UTF_8), "s", null, true).withoutAnySession();

        assertThat(new String(without.toBytes(null), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"characters\":[{\"character_id\":\"a\"},{\"character_id\":\"b\"},{\"n\":1.50}],\"debug\":true}");
        assertThat(without.hasSession()).isFalse();
        assertThat(without.optionsNameSession()).isFalse();
    }
}
