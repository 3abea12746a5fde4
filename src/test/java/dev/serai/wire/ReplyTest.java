package dev.serai.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.Provenance.Status;
import dev.serai.wire.Reply.SessionContinuity;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class ReplyTest {

    @Test
    void started_isTheWholeReplyAsPublished() {
        JsonNode reply = WireSchemas.assertReply(
                Json.bytes(SampleRecords.started(SampleRecords.json("{'session_id':'s','character_session_id':'c',"
                                + "'room_url':'wss://rooms.example','room_name':'r','token':'t','speaker_id':null}"))
                        .toJson()));

        assertThat(reply)
                .isEqualTo(SampleRecords.json("{'session_id':'s','character_session_id':'c',"
                        + "'room_url':'wss://rooms.example','room_name':'r','token':'t','speaker_id':null,"
                        + "'schema_version':1,'status':'started','event_id':'event-1',"
                        + "'conversation_key':'conversation-1','tenant':'default','character_id':'character-1',"
                        + "'connection_type':'video','attempts':1,'possible_duplicate_session':false,"
                        + "'continuity':'resumed','issued_at':'2026-01-31T10:00:00Z','expires_at':'2026-01-31T11:00:00Z','enrichment':{'scene':{'status':'fresh','age_ms':0,'source':'scenes','notes':['scene:"
                        + " a note']},"
                        + "'dynamic_info':{'status':'absent','age_ms':null,'source':null,'notes':[]}},"
                        + "'timings_ms':{'queued':3,'enrich':0,'connect':120}}"));
    }

    @Test
    void started_withoutConversationKeyAndTokenExpiry_saysNull() {
        Reply.Started complete = SampleRecords.started();
        ObjectNode reply = new Reply.Started(
                        new Reply.Identity(
                                "event-1",
                                null,
                                "default",
                                "character-1",
                                ConnectionType.AUDIO,
                                1,
                                true,
                                List.of(),
                                false),
                        complete.answer(),
                        complete.continuity(),
                        complete.issuedAt(),
                        null,
                        complete.origins(),
                        complete.timings())
                .toJson();

        WireSchemas.assertReply(reply);
        assertThat(reply.get("conversation_key").isNull()).isTrue();
        assertThat(reply.get("expires_at").isNull()).isTrue();
        assertThat(reply.get("possible_duplicate_session").booleanValue()).isTrue();
    }

    private static ObjectNode started(SessionContinuity continuity, Reply.Origins origins) {
        Reply.Started complete = SampleRecords.started();
        ObjectNode reply = new Reply.Started(
                        complete.identity(),
                        complete.answer(),
                        continuity,
                        complete.issuedAt(),
                        complete.expiresAt(),
                        origins,
                        complete.timings())
                .toJson();
        WireSchemas.assertReply(reply);
        return reply;
    }

    @ParameterizedTest
    @EnumSource
    void everyContinuity_hasItsNameOnTheWire(SessionContinuity continuity) {
        ObjectNode reply = started(continuity, SampleRecords.started().origins());

        assertThat(reply.get("continuity").textValue())
                .isEqualTo(continuity.name().toLowerCase(Locale.ROOT));
    }

    @ParameterizedTest
    @EnumSource
    void everyProvenance_hasItsNameOnTheWire(Status status) {
        ObjectNode reply = started(
                SampleRecords.started().continuity(),
                new Reply.Origins(
                        new Provenance(status, Duration.ofSeconds(2), "crm", List.of()),
                        new Provenance(status, null, null, List.of("cut"))));

        assertThat(reply.at("/enrichment/scene/age_ms").longValue()).isEqualTo(2000);
        assertThat(reply.at("/enrichment/scene/status").textValue())
                .isEqualTo(status.name().toLowerCase(Locale.ROOT));
        assertThat(reply.at("/enrichment/scene/source").textValue()).isEqualTo("crm");
        assertThat(reply.at("/enrichment/dynamic_info/age_ms").isNull()).isTrue();
        assertThat(reply.at("/enrichment/dynamic_info/notes/0").textValue()).isEqualTo("cut");
    }

    /** All that the schema has but for the provider's fields: of any kind of reply, also of such as are there at times. */
    static Set<String> ownFields() throws IOException {
        JsonNode schema;
        try (InputStream file = Reply.class.getResourceAsStream("/schema/reply.json")) {
            schema = Json.MAPPER.readTree(file);
        }
        Set<String> fields = new TreeSet<>();
        List.of("/properties", "/$defs/started/properties", "/$defs/failed/properties")
                .forEach(part -> schema.at(part).fieldNames().forEachRemaining(fields::add));
        SampleRecords.answer().fieldNames().forEachRemaining(fields::remove);
        return fields;
    }

    @Test
    void fieldsOfOurs_areTheSchemas() throws Exception {
        assertThat(Reply.OWN_FIELDS).isEqualTo(ownFields());
    }

    @ParameterizedTest
    @MethodSource("ownFields")
    void fieldOfOurs_isNotReplacedByTheProviders(String field) {
        ObjectNode answer = SampleRecords.answer();
        answer.putObject(field).put("from", "provider");

        ObjectNode reply = SampleRecords.started(answer).toJson();

        WireSchemas.assertReply(reply);
        assertThat(reply).isEqualTo(SampleRecords.started().toJson());
    }

    @Test
    void furtherFieldsOfTheProvider_passUnchanged() {
        ObjectNode answer = SampleRecords.answer();
        answer.put("request_trace_id", "trace-1").putArray("characters").add(SampleRecords.json("{'a':[1,null]}"));

        ObjectNode reply = SampleRecords.started(answer).toJson();

        WireSchemas.assertReply(reply);
        assertThat(reply.get("request_trace_id").textValue()).isEqualTo("trace-1");
        assertThat(reply.get("characters")).isEqualTo(answer.get("characters"));
    }

    @Test
    void started_leavesTheAnswerAsItIs() {
        ObjectNode answer = SampleRecords.answer();

        SampleRecords.started(answer).toJson().put("token", "changed");

        assertThat(answer).isEqualTo(SampleRecords.answer());
    }

    @ParameterizedTest
    @ValueSource(strings = {"wss://r.example", "ws://r.example", "https://r.example", "http://r", "WSS://R.example"})
    void everyRoomUrlThatIsAccepted_matchesTheSchema(String url) {
        WireSchemas.assertReply(SampleRecords.started(SampleRecords.answer().put("room_url", url))
                .toJson());
    }

    @ParameterizedTest
    @EnumSource
    void failed_isTheWholeReplyAsPublished(ErrorCategory category) {
        JsonNode reply = WireSchemas.assertReply(
                Json.bytes(new Reply.Failed(SampleRecords.identity(), Failure.of(category, "why"), null).toJson()));

        assertThat(reply)
                .isEqualTo(SampleRecords.json("{'schema_version':1,'status':'failed','event_id':'event-1',"
                        + "'conversation_key':'conversation-1','tenant':'default','character_id':'character-1',"
                        + "'connection_type':'video','attempts':1,'possible_duplicate_session':false,"
                        + "'error':{'category':'" + category.wireName() + "','http_status':null,'detail':'why',"
                        + "'retryable':" + category.retryable() + "}}"));
    }

    @Test
    void failed_ofAnUnreadableEvent_saysNull() {
        ObjectNode reply = new Reply.Failed(
                        new Reply.Identity(
                                "conversation.start-3-41", null, null, null, null, 0, false, List.of(), false),
                        Failure.of(ErrorCategory.INVALID_EVENT, "no JSON"),
                        null)
                .toJson();

        WireSchemas.assertReply(reply);
        assertThat(reply.get("character_id").isNull()).isTrue();
        assertThat(reply.get("connection_type").isNull()).isTrue();
    }

    @Test
    void failed_keepsStatusAndArrayOfAnAnswer() {
        JsonNode array = SampleRecords.json("{'detail':[{'type':'missing','loc':['body','character_id']}]}")
                .get("detail");

        ObjectNode reply = new Reply.Failed(
                        SampleRecords.identity(), new Failure(ErrorCategory.INVALID_REQUEST, 422, array), null)
                .toJson();

        WireSchemas.assertReply(reply);
        assertThat(reply.at("/error/http_status").intValue()).isEqualTo(422);
        assertThat(reply.at("/error/detail")).isEqualTo(array);
    }

    @Test
    void failed_afterTheEventWasEnriched_saysWhereFrom() {
        Failure failure = Failure.of(ErrorCategory.INVALID_REQUEST, "a scene that the provider refuses");

        ObjectNode reply = new Reply.Failed(SampleRecords.identity(), failure, SampleRecords.origins()).toJson();

        WireSchemas.assertReply(reply);
        assertThat(reply.get("enrichment"))
                .isEqualTo(SampleRecords.started().toJson().get("enrichment"));
    }

    @Test
    void ended_saysHowMuch() {
        Reply.Identity event = SampleRecords.identity();
        Reply.Identity identity = new Reply.Identity(
                event.eventId(), event.conversationKey(), event.tenant(), null, null, 0, false, List.of(), false);

        ObjectNode reply = new Reply.Ended(identity, 2, 1, 3, "left").toJson();

        WireSchemas.assertReply(reply);
        assertThat(reply.path("status").asText()).isEqualTo("ended");
        assertThat(reply.path("sessions_ended").asInt()).isEqualTo(2);
        assertThat(reply.path("sessions_left").asInt()).isEqualTo(1);
        assertThat(reply.path("events_cancelled").asInt()).isEqualTo(3);
        assertThat(reply.path("reason").asText()).isEqualTo("left");
        WireSchemas.assertReply(new Reply.Ended(identity, 0, 0, 0, null).toJson());
    }

    @Test
    void status_isWhatTheJsonSays() {
        Reply failed = new Reply.Failed(SampleRecords.identity(), Failure.of(ErrorCategory.EXPIRED, "late"), null);

        assertThat(SampleRecords.started().status())
                .isEqualTo(SampleRecords.started().toJson().get("status").textValue())
                .isEqualTo("started");
        assertThat(failed.status())
                .isEqualTo(failed.toJson().get("status").textValue())
                .isEqualTo("failed");
    }

    @Test
    void issuedAt_isWrittenToTheMillisecond() {
        Reply.Started complete = SampleRecords.started();
        ObjectNode reply = new Reply.Started(
                        complete.identity(),
                        complete.answer(),
                        complete.continuity(),
                        Instant.parse("2026-01-31T10:00:00.123456789Z"),
                        complete.expiresAt(),
                        complete.origins(),
                        complete.timings())
                .toJson();

        WireSchemas.assertReply(reply);
        assertThat(reply.get("issued_at").textValue()).isEqualTo("2026-01-31T10:00:00.123Z");
    }
}
