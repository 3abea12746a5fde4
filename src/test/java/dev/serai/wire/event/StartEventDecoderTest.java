package dev.serai.wire.event;

import static dev.serai.wire.event.Decoding.TTL;
import static dev.serai.wire.event.Decoding.accepted;
import static dev.serai.wire.event.Decoding.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.ConnectionType;
import dev.serai.wire.Continuity;
import dev.serai.wire.IgnoredFields;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.Priority;
import dev.serai.wire.RecordHeader;
import dev.serai.wire.SampleRecords;
import dev.serai.wire.SceneElement;
import dev.serai.wire.StartConversation;
import dev.serai.wire.WireSchemas;
import dev.serai.wire.event.Decoded.Accepted;
import dev.serai.wire.event.Decoded.End;
import dev.serai.wire.event.Decoded.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of JSON objects; bytes that are none are in {@link StartEventBytesTest}. */
@Timeout(120)
class StartEventDecoderTest {
    /** Says everything; every field has a value that is not its default. */
    private static final String COMPLETE = """
            {"schema_version": 1, "event_id": "event-1", "character_id": "character-1", "connection_type": "video",
             "character_session_id": "session-1", "continuity": "fresh", "speaker_id": "speaker-1",
             "end_user_id": "user-1", "end_user_metadata": {"plan": {"tier": null}},
             "scene_description": [{"name": "desk", "description": "oak", "colour": "brown"}],
             "dynamic_info": {"text": "it rains", "keep_in_context": true}, "scene_ref": "room-7",
             "context_ref": "customer-7", "connect_options": {"debug": true, "mode": "create"}, "ttl_ms": 1500,
             "tenant": "default", "close_after_ms": 90000, "priority": "batch"}""";

    /** Says nothing but what it is. */
    private static final String LEAST = "{\"schema_version\":1}";

    @Test
    void completeEvent_keepsEveryField() {
        WireSchemas.assertStartEvent(SampleRecords.json(COMPLETE));

        assertThat(accepted(COMPLETE))
                .isEqualTo(new StartConversation(
                        "event-1",
                        "character-1",
                        ConnectionType.VIDEO,
                        "session-1",
                        Continuity.FRESH,
                        "speaker-1",
                        "user-1",
                        SampleRecords.json("{'plan':{'tier':null}}"),
                        List.of(new SceneElement("desk", "oak")),
                        SampleRecords.json("{'text':'it rains','keep_in_context':true}"),
                        "room-7",
                        "customer-7",
                        SampleRecords.json("{'debug':true,'mode':'create'}"),
                        SampleRecords.TIMESTAMP.plusMillis(1500),
                        "default",
                        Duration.ofSeconds(90),
                        Priority.BATCH));
    }

    @ParameterizedTest
    @ValueSource(strings = {"999", "86400001", "1.5", "'5s'"})
    void closeAfter_isBounded(String value) {
        assertThat(refused("{'character_id':'c','close_after_ms':" + value + "}")
                        .reason())
                .contains("/close_after_ms");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'Batch'", "'low'", "''", "1", "true", "['batch']"})
    void priority_isLiveOrBatch(String value) {
        assertThat(refused("{'character_id':'c','priority':" + value + "}").reason())
                .contains("/priority", "live", "batch");
    }

    /** The name that the time has inside. */
    @Test
    void closeAfterWithoutItsUnit_isAFieldLikeAnyOtherThatThereIsNot() {
        assertThat(accepted("{'character_id':'c','close_after':'PT5S'}").closeAfter())
                .isNull();
        assertThat(accepted("{'character_id':'c','close_after':7}").closeAfter())
                .isNull();
    }

    @Test
    void leastEvent_getsEveryDefault() {
        assertThat(accepted(LEAST))
                .isEqualTo(SampleRecords.leastEvent(
                        "conversation.start-3-41",
                        "default-character",
                        ConnectionType.AUDIO,
                        "conversation-1",
                        SampleRecords.TIMESTAMP.plus(TTL),
                        Priority.LIVE));
    }

    @Test
    void nulls_meanAbsent() {
        ObjectNode nulls = SampleRecords.json(COMPLETE);
        nulls.fieldNames().forEachRemaining(nulls::putNull);
        nulls.putNull("expires_at");

        WireSchemas.assertStartEvent(nulls);
        assertThat(accepted(nulls)).isEqualTo(accepted(LEAST));
    }

    @Test
    void nestedNulls_meanAbsent() {
        assertThat(accepted("{'dynamic_info':{'text':null}}").dynamicInfo()).isNull();
        assertThat(accepted("{'dynamic_info':{'text':null,'static_text':'x'}}").dynamicInfo())
                .isEqualTo(SampleRecords.json("{'static_text':'x'}"));
        assertThat(accepted("{'connect_options':{'debug':null,'secret':null}}").connectOptions())
                .isEmpty();
    }

    /** What a publisher says of its user is its own: a null in it is passed on. */
    @Test
    void nullsOfMetadata_areKept() {
        assertThat(accepted("{'end_user_metadata':{'plan':null}}").endUserMetadata())
                .isEqualTo(SampleRecords.json("{'plan':null}"));
    }

    @Test
    void emptyDynamicInfo_isAbsent() {
        assertThat(accepted("{'dynamic_info':{}}").dynamicInfo()).isNull();
    }

    /** Whoever reads the dead letter sees the reason alone. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'charcter_id':'c','tenant':'acme'}             | /character_id: is required                             | charcter_id: did you mean character_id?
            {'charcter_id':'c'}                             | no field of a start event is recognized                | charcter_id: did you mean character_id?
            {'character_id':'c','connection_type':'x','endUserId':'u','endUser':null} | must be "audio" or "video" | endUserId: did you mean end_user_id?
            {'scene_description':[{'nmae':'a','description':'b'}]} | required property 'name' not found              | scene_description[].nmae: did you mean name?
            """)
    void refusal_saysWhichFieldsWereProbablyMisspelt(String json, String reason, String hint) {
        Refused refused = (Refused) Decoding.check(
                Decoding.withoutDefaultCharacter(SampleRecords.original(SampleRecords.utf8(json.replace('\'', '"')))));

        assertThat(refused.reason()).contains(reason).endsWith("; " + hint);
        assertThat(refused.ignored().notes()).contains(hint);
    }

    @Test
    void unknownFields_areIgnoredAndNoted() {
        Accepted accepted = (Accepted) Decoding.check(Decoding.decode(SampleRecords.original(SampleRecords.utf8(
                "{'ttl_ms':1,'colour':'secret','endUserId':'u','Character_Id':7,'sessionId':'s',".replace('\'', '"')
                        + "\"scenedescription\":[],\"conection_type\":\"audio\",\"ignored\":null,"
                        + "\"scene_description\":[{\"name\":\"n\",\"description\":\"d\",\"Name\":1,\"place\":2}]}"))));

        assertThat(accepted.event().endUserId()).isNull();
        assertThat(accepted.ignored())
                .isEqualTo(new IgnoredFields(
                        List.of(
                                "colour",
                                "endUserId: did you mean end_user_id?",
                                "Character_Id: did you mean character_id?",
                                "sessionId: did you mean character_session_id?",
                                "scenedescription: did you mean scene_description?",
                                "conection_type: did you mean connection_type?",
                                "scene_description[].Name: did you mean name?",
                                "scene_description[].place"),
                        8));
    }

    @Test
    void veryManyUnknownFields_areCountedAndTheFirstNamed() {
        ObjectNode event = Json.MAPPER.createObjectNode().put("ttl_ms", 1);
        event.put("😀".repeat(60), 0);
        for (int i = 0; i < 10_000; i++) {
            event.put("unknown-" + i, i);
        }

        Accepted accepted = (Accepted) Decoding.check(Decoding.decode(SampleRecords.original(Json.bytes(event))));

        assertThat(accepted.ignored().count()).isEqualTo(10_001);
        assertThat(accepted.ignored().notes())
                .hasSize(11)
                .startsWith("a name of 60 characters", "unknown-0")
                .endsWith("and 9991 more");
    }

    @Test
    void refusedEvent_hasItsUnknownFieldsNotedToo() {
        Decoded decoded = Decoding.withoutDefaultCharacter(
                SampleRecords.original(SampleRecords.utf8("{\"event_id\":\"e\",\"characterId\":\"c\"}")));

        assertThat(((Refused) Decoding.check(decoded)).ignored().notes())
                .containsExactly("characterId: did you mean character_id?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.0",
                "-0.1",
                "-0",
                "-0.0",
                "0.10",
                "12500000.00",
                "1.25E7",
                "1e400",
                "1E+400",
                "-1e-400",
                "1e99999999999999999999",
                "3.141592653589793238462643383279502884197",
                "123456789012345678901234567890",
                "9223372036854775808",
                "-2147483648"
            })
    void numbers_passAsTheyAreWritten(String number) {
        String numbers = "{\"a\":[" + number + ",{\"b\":" + number + "}]}";
        String json = "{'character_id':'c','connect_options':{'debug':" + numbers + "},'end_user_metadata':" + numbers
                + ",'dynamic_info':" + numbers + "}";

        StartConversation event = accepted(json);

        assertThat(event.connectOptions().get("debug")).hasToString(numbers);
        assertThat(event.endUserMetadata()).hasToString(numbers);
        assertThat(event.dynamicInfo()).hasToString(numbers);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            schema_version       | 2                   | /schema_version: must be 1
            schema_version       | "1"                 | /schema_version: must be 1
            event_id             | 7                   | /event_id: must be a string, and is a whole number
            event_id             | ""                  | /event_id: must not be empty
            character_id         | {}                  | /character_id: must be a string, and is an object
            character_id         | ""                  | /character_id: must not be empty
            connection_type      | "AUDIO"             | /connection_type: must be "audio" or "video"
            connection_type      | 1                   | /connection_type: must be "audio" or "video"
            character_session_id | 7                   | /character_session_id: must be a string, and is a whole number
            character_session_id | ["secret"]          | /character_session_id: must be a string, and is an array
            continuity           | "secret"            | /continuity: must be "resume" or "fresh"
            speaker_id           | true                | /speaker_id: must be a string, and is a boolean
            end_user_id          | 1.5                 | /end_user_id: must be a string, and is a number
            end_user_metadata    | "secret"            | /end_user_metadata: must be an object, and is a string
            end_user_metadata    | []                  | /end_user_metadata: must be an object, and is an array
            scene_description    | {}                  | /scene_description: must be an array, and is an object
            scene_description    | [null]              | /scene_description/0: must be an object, and is null
            scene_description    | [{"name":"a"}]      | /scene_description/0: required property 'description' not found
            scene_description    | [{"name":"a","description":"b"},{"name":7,"description":"secret"}] | /scene_description/1/name: must be a string, and is a whole number
            scene_description    | [{"name":"a","description":null}] | /scene_description/0/description: must be a string, and is null
            dynamic_info         | "secret"            | /dynamic_info: must be an object, and is a string
            dynamic_info         | {"text":["secret"]} | /dynamic_info/text: must be a string, and is an array
            scene_ref            | 7                   | /scene_ref: must be a string, and is a whole number
            context_ref          | 7                   | /context_ref: must be a string, and is a whole number
            connect_options      | []                  | /connect_options: must be an object, and is an array
            expires_at           | 1769853600          | /expires_at: must be a string, and is a whole number; it looks like seconds since 1970, a time that expires_at takes as 2026-01-31T10:00:00Z
            expires_at           | 1769853600000       | /expires_at: must be a string, and is a whole number; it looks like milliseconds since 1970, a time that expires_at takes as 2026-01-31T10:00:00Z
            expires_at           | 1769853600000000    | /expires_at: must be a string, and is a whole number; it looks like microseconds since 1970, a time that expires_at takes as 2026-01-31T10:00:00Z
            expires_at           | 1769853600.5        | /expires_at: must be a string, and is a number; it looks like seconds since 1970, a time that expires_at takes as 2026-01-31T10:00:00Z
            expires_at           | "1769853600000"     | /expires_at: expected an RFC 3339 date and time such as 2026-01-31T10:00:00Z; it looks like milliseconds since 1970, a time that expires_at takes as 2026-01-31T10:00:00Z
            expires_at           | 120000              | /expires_at: must be a string, and is a whole number
            expires_at           | 1e999999999         | /expires_at: must be a string, and is a number
            event_id             | 1769853600000       | /event_id: must be a string, and is a whole number
            expires_at           | "secret"            | /expires_at: expected an RFC 3339 date and time such as 2026-01-31T10:00:00Z
            expires_at           | "2026-01-31"        | /expires_at: expected an RFC 3339 date and time such as 2026-01-31T10:00:00Z
            expires_at           | "2026-01-31T10:00:00" | /expires_at: expected an RFC 3339 date and time such as 2026-01-31T10:00:00Z
            expires_at           | "2026-02-30T10:00:00Z" | /expires_at: expected an RFC 3339 date and time such as 2026-01-31T10:00:00Z
            ttl_ms               | "1000"              | /ttl_ms: must be a whole number, and is a string
            ttl_ms               | 1.5                 | /ttl_ms: must be a whole number, and is a number
            ttl_ms               | 0                   | /ttl_ms: must have a minimum value of 1
            ttl_ms               | -5                  | /ttl_ms: must have a minimum value of 1
            ttl_ms               | 31536000001         | /ttl_ms: must have a maximum value of 31536000000
            ttl_ms               | 1769853600000       | /ttl_ms: must have a maximum value of 31536000000; it looks like milliseconds since 1970, a time that expires_at takes as 2026-01-31T10:00:00Z
            ttl_ms               | 1e999999999         | /ttl_ms: must have a maximum value of 31536000000
            ttl_ms               | 99999999999999999999 | /ttl_ms: must have a maximum value of 31536000000
            tenant               | 7                   | /tenant: must be a string, and is a whole number
            """)
    void wrongValue_isRefusedWithPointerAndExpectation(String field, String value, String reason) {
        assertThat(refused("{\"" + field + "\":" + value + "}").reason())
                .isEqualTo(reason)
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "event_id",
                "character_id",
                "character_session_id",
                "speaker_id",
                "end_user_id",
                "scene_ref",
                "context_ref",
                "tenant"
            })
    void tooLongIdentifier_isRefused(String field) {
        ObjectNode event = Json.MAPPER.createObjectNode().put(field, "x".repeat(513));

        assertThat(refused(Json.bytes(event)).reason())
                .isEqualTo("/" + field + ": must be at most 512 characters long");
    }

    @Test
    void severalProblems_areNamedUpToFive() {
        Refused refused =
                refused("{'event_id':1,'character_id':1,'speaker_id':1,'end_user_id':1,'scene_ref':1,'context_ref':1}");

        assertThat(refused.reason().split("; ", -1)).hasSize(5);
    }

    @Test
    void missingCharacter_isRefusedWithoutDefault() {
        Decoded decoded = Decoding.withoutDefaultCharacter(SampleRecords.original(SampleRecords.utf8(LEAST)));

        assertThat(((Refused) Decoding.check(decoded)).reason())
                .isEqualTo("/character_id: is required (or set serai.conversation.default-character-id)");
    }

    @Test
    void ownCharacter_needsNoDefault() {
        Decoded decoded = Decoding.withoutDefaultCharacter(
                SampleRecords.original(SampleRecords.utf8("{\"character_id\":\"mine\"}")));

        assertThat(((Accepted) Decoding.check(decoded)).event().characterId()).isEqualTo("mine");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = """
            {"event_id":"own"} | header | own
            {"event_id":"own"} | -      | own
            {"event_id":null}  | header | header
            {"ttl_ms":1}       | header | header
            {"ttl_ms":1}       | ` `    | conversation.start-3-41
            {"ttl_ms":1}       | ``     | conversation.start-3-41
            {"ttl_ms":1}       | -      | conversation.start-3-41
            {}                 | header | header
            [                  | header | header
            {"event_id":"own","ttl_ms":0} | header | own
            {"event_id":"","ttl_ms":0}    | header | header
            {"event_id":7}                | header | header
            """)
    void eventId_isTheEventsThenTheHeadersThenThePosition(String json, @Nullable String header, String expected) {
        OriginalRecord original = header == null
                ? SampleRecords.original(SampleRecords.utf8(json))
                : SampleRecords.original(SampleRecords.utf8(json), SampleRecords.header("ce_id", header));

        String eventId =
                switch (Decoding.check(Decoding.decode(original))) {
                    case Accepted accepted -> accepted.event().eventId();
                    case End end -> end.event().eventId();
                    case Refused refused -> refused.eventId();
                };

        assertThat(eventId).isEqualTo(expected);
    }

    @Test
    void eventIdHeaderWithNullValue_countsAsAbsent() {
        OriginalRecord original = SampleRecords.original(SampleRecords.utf8(LEAST), new RecordHeader("ce_id", null));

        assertThat(accepted(original).eventId()).isEqualTo("conversation.start-3-41");
    }

    /** It names the event in replies, dead letters and on every log line. */
    @Test
    void tooLongEventId_doesNotNameTheEvent() {
        assertThat(refused("{'event_id':'" + "x".repeat(100_000) + "'}").eventId())
                .isEqualTo("conversation.start-3-41");
        assertThat(accepted(SampleRecords.original(
                                SampleRecords.utf8(LEAST), SampleRecords.header("ce_id", "x".repeat(100_000))))
                        .eventId())
                .isEqualTo("conversation.start-3-41");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"context_ref":"c","end_user_id":"u","speaker_id":"s"} | c
            {"end_user_id":"u","speaker_id":"s"}                   | u
            {"context_ref":null,"speaker_id":"s"}                  | s
            {"ttl_ms":1}                                           | conversation-1
            """)
    void contextRef_isTheEventsThenTheUsersThenTheKey(String json, String expected) {
        assertThat(accepted(json).contextRef()).isEqualTo(expected);
    }

    @Test
    void contextRef_withoutAnything_isNull() {
        assertThat(accepted(SampleRecords.original((byte[]) null, SampleRecords.utf8(LEAST)))
                        .contextRef())
                .isNull();
        assertThat(accepted(SampleRecords.original(new byte[0], SampleRecords.utf8(LEAST)))
                        .contextRef())
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-31T10:00:00Z, 2026-01-31T10:00:00Z",
        "2026-01-31T10:00:00.123456789Z, 2026-01-31T10:00:00.123456789Z",
        "2026-01-31T10:00:00+05:30, 2026-01-31T04:30:00Z",
        "2026-01-31T10:00:00-08:00, 2026-01-31T18:00:00Z",
        "2026-01-31t10:00:00z, 2026-01-31T10:00:00Z",
        "1969-12-31T23:59:59Z, 1969-12-31T23:59:59Z",
        "9999-12-31T23:59:59Z, 9999-12-31T23:59:59Z"
    })
    void expiresAt_isReadWithItsOffset(String text, Instant expected) {
        assertThat(accepted("{'expires_at':'" + text + "'}").expiresAt()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1000, 1000", "1000.0, 1000", "1e3, 1000", "31536000000, 31536000000"})
    void ttl_countsFromTheRecordsTimestamp(String ttl, long milliseconds) {
        assertThat(accepted("{'ttl_ms':" + ttl + "}").expiresAt())
                .isEqualTo(SampleRecords.TIMESTAMP.plus(Duration.ofMillis(milliseconds)));
    }

    @Test
    void timestampAtTheEndOfTime_isNoProblem() {
        for (long millis : new long[] {Long.MIN_VALUE, -1, Long.MAX_VALUE}) {
            Instant timestamp = Instant.ofEpochMilli(millis);
            OriginalRecord original = new OriginalRecord(
                    "conversation.start",
                    3,
                    41,
                    timestamp,
                    new byte[0],
                    SampleRecords.utf8("{\"ttl_ms\":31536000000}"),
                    List.of());

            Instant believed =
                    millis == Long.MAX_VALUE ? SampleRecords.TIMESTAMP.plus(Decoding.MAX_CLOCK_SKEW) : timestamp;
            assertThat(accepted(original).expiresAt()).isEqualTo(believed.plus(Duration.ofDays(365)));
        }
    }

    @ParameterizedTest
    @CsvSource({"-3600, -3600", "0, 0", "5, 5", "6, 5", "3600, 5"})
    void timestampThatIsAhead_isBelievedAsFarAsClocksMayDiffer(long secondsAhead, long believed) {
        OriginalRecord original = new OriginalRecord(
                "conversation.start",
                3,
                41,
                SampleRecords.TIMESTAMP.plusSeconds(secondsAhead),
                new byte[0],
                SampleRecords.utf8(LEAST),
                List.of());

        assertThat(accepted(original).expiresAt())
                .isEqualTo(SampleRecords.TIMESTAMP.plusSeconds(believed).plus(TTL));
    }

    @Test
    void tenant_isOneOfThoseThatThereAre() {
        assertThat(accepted("{'tenant':'acme'}").tenant()).isEqualTo("acme");
        assertThat(refused("{'tenant':'Acme'}").reason())
                .isEqualTo("/tenant: Acme is unknown; tenants are those of serai.tenants.NAME.*, and \"default\"");
        assertThat(refused("{'tenant':'two\\nlines'}").reason())
                .startsWith("/tenant: a name of 9 characters is unknown;");
    }

    @Test
    void bothDeadlines_areRefused() {
        assertThat(refused("{'ttl_ms':5,'expires_at':'2026-01-31T10:00:00Z'}").reason())
                .isEqualTo("/ttl_ms: expected at most one of expires_at and ttl_ms");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            debugging   | /connect_options/debugging: not allowed
            Debug       | /connect_options/Debug: not allowed
            a/b~c/~1    | /connect_options/a~1b~0c~1~01: not allowed
            character_id | /connect_options/character_id: not allowed
            """)
    void optionThatIsNotAllowed_isRefusedWithItsPointer(String option, String reason) {
        ObjectNode event = Json.MAPPER.createObjectNode();
        event.putObject("connect_options").put("debug", 1).put(option, "secret");

        assertThat(refused(Json.bytes(event)).reason())
                .isEqualTo(reason + ", expected one of [a/b~c, debug, mode] (serai.connect.allowed-options)");
    }

    @Test
    void optionNameThatIsLongOrOfSeveralLines_isQuotedShort() {
        ObjectNode event = Json.MAPPER.createObjectNode();
        event.putObject("connect_options").put("a\nb\u2028c\u0085" + "x".repeat(40_000), "secret");

        assertThat(refused(Json.bytes(event)).reason())
                .startsWith("/connect_options/a b c xxx")
                .endsWith("expected one of [a/b~c, debug, mode] (serai.connect.allowed-options)");
    }

    @Test
    void optionThatIsAllowed_isPassedOn() {
        assertThat(accepted("{'connect_options':{'a/b~c':[null]}}").connectOptions())
                .isEqualTo(SampleRecords.json("{'a/b~c':[null]}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"conversation.replies", "team-a.replies"})
    void replyTopicThatIsAllowed_isAccepted(String topic) {
        accepted(SampleRecords.original(SampleRecords.utf8(LEAST), SampleRecords.header("kafka_replyTopic", topic)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"team-b.replies", "", "TEAM-A.REPLIES", "\n"})
    void replyTopicThatIsNotAllowed_isRefused(String topic) {
        Refused refused = refused(SampleRecords.original(
                SampleRecords.utf8("{\"event_id\":\"own\",\"character_id\":\"c\",\"connection_type\":\"video\"}"),
                SampleRecords.header("kafka_replyTopic", topic)));

        assertThat(refused)
                .isEqualTo(new Refused(
                        "header kafka_replyTopic: the topic is not among those that requests may name"
                                + " (serai.reply.allowed-topics)",
                        "own",
                        "c",
                        ConnectionType.VIDEO,
                        IgnoredFields.NONE));
    }

    @Test
    void refusal_keepsWhatCouldBeRead() {
        assertThat(refused("{'character_id':7,'connection_type':'secret'}"))
                .extracting(Refused::characterId, Refused::connectionType)
                .containsExactly(null, null);
        assertThat(refused("{'character_id':'" + "x".repeat(100_000) + "'}").characterId())
                .isNull();
    }
}
