package dev.serai.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.serai.wire.WireSchemas;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class SessionRecordTest {
    private static final ConversationState STATE = ConversationState.EMPTY
            .withSession("guide", "s1")
            .withSession("clerk", "s2")
            .answered("e1", Instant.EPOCH)
            .answered("e\u00fc", Instant.parse("2026-01-31T10:00:00.120Z"));

    @Test
    void record_hasTheFormOfItsSchema() {
        var written = WireSchemas.assertSession(SessionRecord.encode(STATE, List.of()));

        assertThat(written)
                .hasToString("{\"schema_version\":1,\"sessions\":{\"guide\":\"s1\",\"clerk\":\"s2\"},"
                        + "\"event_ids\":[\"e1\",\"e\u00fc\"],\"updated_at\":\"2026-01-31T10:00:00.120Z\"}");
    }

    @Test
    void fullRecord_hasTheFormOfItsSchema() {
        var state = ConversationStateTest.characters(40);
        for (int event = 0; event < 40; event++) {
            state = state.answered("e" + event, Instant.EPOCH);
        }

        assertThat(WireSchemas.assertSession(SessionRecord.encode(state, List.of()))
                        .path("event_ids"))
                .hasSize(16);
    }

    @Test
    void record_isReadAsItWasWritten() throws Exception {
        ConversationState read = decode(SessionRecord.encode(STATE, List.of()));

        assertThat(read).isEqualTo(STATE);
        assertThat(new ArrayList<>(read.sessions().keySet())).containsExactly("guide", "clerk");
    }

    @Test
    void finalEnds_haveTheFormOfTheSchema_andAreReadAsTheyWereWritten() throws Exception {
        ConversationState ended = ConversationState.EMPTY
                .ended("north", new FinalEnd("end-1", Instant.parse("2026-01-31T10:00:00.120Z")))
                .ended("acme", new FinalEnd("end-\u00fc", Instant.parse("2026-01-31T10:00:05Z")));

        byte[] written = SessionRecord.encode(ended, List.of());

        assertThat(WireSchemas.assertSession(written))
                .hasToString("{\"schema_version\":1,\"sessions\":{},\"event_ids\":[],\"ended\":{"
                        + "\"north\":{\"event_id\":\"end-1\",\"at\":\"2026-01-31T10:00:00.120Z\"},"
                        + "\"acme\":{\"event_id\":\"end-\u00fc\",\"at\":\"2026-01-31T10:00:05Z\"}},"
                        + "\"updated_at\":\"2026-01-31T10:00:05Z\"}");
        assertThat(decode(written)).isEqualTo(ended);
    }

    @Test
    void unknownFields_areIgnored() throws Exception {
        ConversationState read = decode("""
                {"later": {"a": [1]}, "updated_at": "2026-01-31T12:00:00+02:00", "schema_version": 1, "more": null}
                """);

        assertThat(read.updatedAt()).isEqualTo("2026-01-31T10:00:00Z");
        assertThat(read.sessions()).isEmpty();
        assertThat(read.eventIds()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-31T10:00:00.120Z",
                "2026-01-31T10:00:00.12Z",
                "2026-01-31t10:00:00.120z",
                "2026-01-31T10:00:00.120456Z",
                "2026-01-31T12:00:00.120+02:00"
            })
    void everyFormOfATime_isRead(String time) throws Exception {
        assertThat(decode("{\"updated_at\": \"" + time + "\"}").updatedAt()).isEqualTo("2026-01-31T10:00:00.120Z");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                                                            | the value must be an object
            []                                                            | the value must be an object
            secret                                                        | is no JSON at byte
            {"updated_at": "2026-01-31T10:00:00Z"                         | is no JSON at byte
            {"updated_at": "2026-01-31T10:00:00Z"} "secret"               | what follows the value must be nothing
            {"updated_at": "2026-02-30T10:00:00.000Z"}                    | updated_at is no RFC 3339 time
            {"sessions": {"a": 1}}                                        | a character's session must be a text
            {"sessions": null}                                            | sessions must be an object
            {"event_ids": "secret"}                                       | event_ids must be an array
            {"event_ids": [["secret"]]}                                   | an event's id must be a text
            {"updated_at": "secret"}                                      | updated_at is no RFC 3339 time
            {"updated_at": 1}                                             | updated_at must be a text
            {"sessions": {}}                                              | updated_at is missing
            {"schema_version": 2, "updated_at": "2026-01-31T10:00:00Z"}   | schema_version must be 1, was 2
            {"ended": ["secret"]}                                         | ended must be an object
            {"ended": {"secret": "secret"}}                               | a tenant's end must be an object
            {"ended": {"a": {"at": "2026-01-31T10:00:00Z"}}}              | event_id of a tenant's end must be a text
            {"ended": {"a": {"event_id": "secret", "at": 7}}}             | at of a tenant's end must be a text
            {"ended": {"a": {"event_id": ["secret"], "at": {}}}}          | event_id of a tenant's end must be a text
            {"ended": {"a": {"event_id": "secret", "at": "secret"}}}      | at of a tenant's end is no RFC 3339 time
            {"open_sessions": {}}                                         | open_sessions must be an array
            {"open_sessions": ["secret"]}                                 | an open session must be an object
            {"open_sessions": [{"sealed": "secret"}]}                     | event_id of an open session must be a text
            {"schema_version": 1.5}                                       | schema_version must be a whole number
            {"schema_version": 4294967297}                                | is no JSON at byte
            """)
    void unreadableValue_saysWhyWithoutRepeatingIt(String value, String message) {
        assertThatExceptionOfType(SessionRecord.UnreadableException.class)
                .isThrownBy(() -> decode(value))
                .withMessageContaining(message)
                .withMessageNotContaining("secret");
    }

    @Test
    void openSessions_haveTheFormOfTheSchema_andAreReadAsTheyWereWritten() throws Exception {
        List<SealedSession> open = IntStream.range(0, 20)
                .mapToObj(number -> new SealedSession(
                        "e" + number,
                        "guide",
                        "north",
                        Instant.parse("2026-01-31T10:00:00.120Z"),
                        number % 2 == 0 ? null : Instant.parse("2026-01-31T10:00:05Z"),
                        "0123abcd",
                        new byte[] {(byte) number, -1, 62}))
                .toList();

        byte[] written = SessionRecord.encode(STATE, open);

        assertThat(WireSchemas.assertSession(written).path("open_sessions")).hasSize(16);
        SessionRecord.Content read = SessionRecord.decode(written);
        assertThat(read.state()).isEqualTo(STATE);
        assertThat(read.openSessions())
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactlyElementsOf(open.subList(4, 20));
    }

    private static ConversationState decode(byte[] value) throws SessionRecord.UnreadableException {
        return SessionRecord.decode(value).state();
    }

    private static ConversationState decode(String value) throws SessionRecord.UnreadableException {
        return decode(value.getBytes(UTF_8));
    }
}
