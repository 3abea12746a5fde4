package dev.serai.dialect.mapping;

import static dev.serai.dialect.mapping.Mappings.event;
import static dev.serai.dialect.mapping.Mappings.ignored;
import static dev.serai.dialect.mapping.Mappings.json;
import static dev.serai.dialect.mapping.Mappings.map;
import static dev.serai.dialect.mapping.Mappings.mapping;
import static dev.serai.dialect.mapping.Mappings.plain;
import static dev.serai.dialect.mapping.Mappings.record;
import static dev.serai.dialect.mapping.Mappings.rejection;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.Json;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class MappingTest {
    private static final String START =
            "{\"conversation\": id, \"event_id\": id & \":start\", \"occurred_at\": $time(at), \"action\": \"start\"}";

    private static MappingContext with(LookUp rows) {
        return new MappingContext(rows, null, null, new MappingDefaults("guide", "museum", Duration.ofSeconds(20)));
    }

    private static ObjectNode row(String json) {
        return (ObjectNode) json(json);
    }

    @Test
    void startEvent_getsTheDefaultsOfTheIntake_andADeadlineFromWhenItOccurred() throws Exception {
        MappingResult result = map(START, with(LookUp.none()), "{\"id\":\"c-1\",\"at\":1795166090}");

        assertThat(((MappingResult.Mapped) result).events())
                .singleElement()
                .satisfies(event -> assertThat(event.conversationKey()).isEqualTo("c-1"));
        assertThat(event(result)).isEqualTo(json("""
                {"event_id":"c-1:start","action":"start","tenant":"museum","character_id":"guide",
                 "expires_at":"2026-11-20T09:15:10.000Z"}"""));
    }

    @Test
    void deadline_isFromTheRecordsTime_withoutAnother_andTheMappingsOwnStays() throws Exception {
        assertThat(event(map(START, with(LookUp.none()), "{\"id\":\"c-1\"}")).path("expires_at"))
                .hasToString("\"2026-11-20T09:15:20.000Z\"");
        assertThat(event(map("$merge([" + START + ", {\"ttl_ms\": 7000}])", with(LookUp.none()), "{\"id\":\"c\"}"))
                        .path("expires_at")
                        .isMissingNode())
                .isTrue();
    }

    /** Systems write their local time and call it UTC: what they tell of has still happened before they told of it. */
    @Test
    void callOfAClockThatIsFast_isNoYoungerThanItsRecord() throws Exception {
        String anHourAhead = "{\"id\":\"c-1\",\"at\":\"2026-11-20T10:14:58Z\"}";

        assertThat(event(map(START, with(LookUp.none()), anHourAhead)).path("expires_at"))
                .hasToString("\"2026-11-20T09:15:20.000Z\"");
    }

    @Test
    void row_givesWhatTheEventDoesNotSay_andTheIntakeTheRest() throws Exception {
        LookUp rows = key -> switch (key) {
            case "1" ->
                row("{\"character_id\":\"nurse\",\"tenant\":\"clinic\",\"scene_ref\":\"ward\",\"ignore\":false}");
            case "2" -> row("{\"character_id\":null,\"ignore\":true}");
            case "*" -> row("{\"character_id\":\"porter\",\"ignore\":false}");
            default -> null;
        };
        String expression =
                "{\"conversation\": \"c\", \"event_id\": \"e\", \"action\": action, \"row\": $row(to), \"scene_ref\": scene}";

        assertThat(event(map(expression, with(rows), "{\"to\":1,\"scene\":\"hall\"}")))
                .isEqualTo(json("""
                        {"event_id":"e","scene_ref":"hall","character_id":"nurse","tenant":"clinic",
                         "expires_at":"2026-11-20T09:15:20.000Z"}"""));
        assertThat(ignored(map(expression, with(rows), "{\"to\":\"2\"}"))).containsExactly("table");
        assertThat(event(map(expression, with(rows), "{\"to\":\"3\"}")).path("character_id"))
                .hasToString("\"porter\"");
        assertThat(event(map(expression, with(rows), "{\"to\":\"1\",\"action\":\"end\"}")))
                .isEqualTo(json("{\"event_id\":\"e\",\"action\":\"end\",\"tenant\":\"clinic\"}"));
    }

    @Test
    void list_isManyEvents_andNothingIsCounted() throws Exception {
        MappingResult result = map(
                "$.(type = \"a\" ? {\"conversation\": id, \"event_id\": id, \"action\": \"end\"} : $ignore(type))",
                plain(),
                "[{\"type\":\"a\",\"id\":\"1\"},{\"type\":\"b\"},{\"type\":\"a\",\"id\":\"2\"}]");

        assertThat(((MappingResult.Mapped) result).events())
                .extracting(MappedEvent::conversationKey)
                .containsExactly("1", "2");
        assertThat(ignored(result)).containsExactly("b");
        assertThat(ignored(map("nowhere", plain(), "{}"))).containsExactly("nothing");
        assertThat(ignored(map("$", plain(), "null"))).containsExactly("nothing");
        assertThat(ignored(mapping("$", plain()).map(record((byte[]) null)))).containsExactly("tombstone");
    }

    /** One raw record is all or nothing. */
    @Test
    void oneBadEvent_rejectsTheRecord_andIsNamed() throws Exception {
        assertThat(rejection(map(
                        "$.{\"conversation\": id, \"event_id\": id, \"action\": \"end\"}",
                        plain(),
                        "[{\"id\":\"1\"},{\"id\":2}]")))
                .isEqualTo("/1/conversation: must be a string, such as $string makes");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"event_id":"e"}                                        | /conversation: is missing
            {"conversation":"  ","event_id":"e"}                    | /conversation: must have 1 to 512 characters, has 0
            {"conversation":"c"}                                    | /event_id: is missing
            {"conversation":"c","event_id":7}                       | /event_id: must be a string, and is a whole number
            {"conversation":"c","event_id":"e","occurred_at":"soon"}| /occurred_at: must be a time as $time makes it
            {"conversation":"c","event_id":"e","occurred_at":"+999999999-12-31T23:59:59Z"}| /occurred_at: must be a time as $time makes it
            {"conversation":"c","event_id":"e","occurred_at":"-1000000000-01-01T00:00:00Z"}| /occurred_at: must be a time as $time makes it
            {"conversation":"c","event_id":"e","occurred_at":1795166102}| /occurred_at: must be a time as $time makes it
            {"conversation":"c","event_id":"e","action":"begin"}    | /action: must be "start", which is the default, or "end"
            {"conversation":"c","event_id":"e","charcter_id":"x"}   | /charcter_id: is no field, did you mean character_id?
            {"conversation":"c","event_id":"e","action":"end","continuity":"fresh"} | /continuity: is no field
            {"conversation":"c","event_id":"e","scene_description":[{"name":"n","description":"d","colour":1}]} | /scene_description/…/colour: is no field
            {"conversation":"c","event_id":"e","ttl_ms":0}          | /ttl_ms: must have a minimum value of 1
            {"conversation":"c","event_id":"e","dynamic_info":"x"}  | /dynamic_info: must be an object, and is a string
            "text"                                                  | /: the mapping must make objects, of events or by $ignore
            """)
    void whatTheServiceWouldRefuse_isRejectedWithItsPath(String made, String reason) throws Exception {
        // Through the record, for the fields of a literal are looked at when the mapping is loaded.
        assertThat(rejection(map("$", plain(), made))).isEqualTo(reason);
    }

    @Test
    void halfACharacter_isRejected() throws Exception {
        assertThat(rejection(map("{\"conversation\":\"c\",\"event_id\":id}", plain(), "{\"id\":\"a\\ud800\"}")))
                .isEqualTo("/event_id: holds text that is not valid Unicode");
    }

    static List<byte[]> framed() {
        byte[] json = "{\"id\":\"c-1\"}".getBytes(UTF_8);
        return List.of(
                json,
                "\ufeff{\"id\":\"c-1\"}".getBytes(UTF_8),
                ByteBuffer.allocate(5 + json.length)
                        .put((byte) 0)
                        .putInt(77)
                        .put(json)
                        .array(),
                ByteBuffer.allocate(9 + json.length)
                        .put((byte) 0)
                        .putLong(77)
                        .put(json)
                        .array());
    }

    @Test
    void frameOfASchemaRegistry_isTakenOff() throws Exception {
        Mapping mapping = mapping(START, plain());
        for (byte[] value : framed()) {
            assertThat(event(mapping.map(record(value))).path("event_id")).hasToString("\"c-1:start\"");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                | /: the value is empty, must be JSON
            ` `               | /: the value is blank, must be JSON
            secret            | /: the value is not valid JSON: Unrecognized token
            {"a":1,"a":2}     | /: the value is not valid JSON: Duplicate field 'a'
            {"a":"secret      | /: the value is not valid JSON: Unexpected end-of-input
            """)
    void valueThatIsNoJson_isRejected_withoutRepeatingIt(String value, String reason) throws Exception {
        assertThat(rejection(map("$", plain(), value)))
                .startsWith(reason.replace("Unrecognized token", "a word that is none of JSON's"))
                .doesNotContain("secret");
    }

    @Test
    void otherBytes_areRejected() throws Exception {
        Mapping mapping = mapping("$", plain());
        assertThat(rejection(mapping.map(record(new byte[] {0, 0, 0, 0, 7, 2, 14}))))
                .isEqualTo("/: the value is in schema-registry wire format, not JSON: Avro and Protobuf are not read,"
                        + " publish JSON");
        assertThat(rejection(mapping.map(record(new byte[] {'"', (byte) 0xff, '"'}))))
                .isEqualTo("/: the value is not UTF-8, must be JSON");
        assertThat(rejection(mapping.map(record(new byte[Mapping.MAX_VALUE_BYTES + 1]))))
                .isEqualTo("/: the value has 1048577 bytes, must have at most 1048576");
    }

    @Test
    void failureOfTheExpression_saysWhere_andQuotesNothingOfTheRecord() throws Exception {
        assertThat(rejection(map("{\n  \"a\": 1 + word\n}", plain(), "{\"word\":\"secret\"}")))
                .startsWith("/: the mapping fails in line 2 of the JSONata expression")
                .contains("right side of the \"+\" operator")
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a": 1,\\n "b": }        | line 2, column 7: The symbol "}" cannot be used as a unary operator
            {"a": "b                  | String literal must be terminated by a matching quote
            {\\n "a": $requird(b, "/b")} | line 2, column 7: there is no $requird, did you mean $required?
            ($id := 1;\\n $idd)       | line 2, column 2: there is no $idd, did you mean $id?
            $eval("1")                | line 1, column 1: $eval makes an expression of a text
            {"t": $now()}             | line 1, column 7: $now is another time each time, and the same record must become the same event when it is delivered again: use $timestamp
            $millis()                 | $millis is another time each time
            $random()                 | $random is another number each time
            $shuffle([1])             | $shuffle gives another order each time
            a ~> $digest              | line 1, column 6: $digest needs the intake's digest-key-file
            {"conversation": "c", "event_id": "e",\\n "charcter_id": x} | line 2, column 2: events have no field "charcter_id", did you mean "character_id"?
            {"conversation": "c", "event_id": "e", "dynamic_info": {"text": "x", "more": 1}, "colour": 1} | line 1, column 82: events have no field "colour"
            "a" ~> /a+/               | line 1, column 8: a regular expression can only be an argument of $match, $contains, $replace or $split
            ($__evaluate_entry := 1)  | names that begin with __ are taken
            ` `                       | must hold a JSONata expression, and is blank
            """)
    void mistakeInTheFile_isToldWhenItIsLoaded(String expression, String message) {
        assertThatExceptionOfType(InvalidMappingException.class)
                .isThrownBy(() -> mapping(expression.replace("\\n", "\n"), plain()))
                .withMessageContaining(message)
                .withMessageContaining(".jsonata");
    }

    @Test
    void everyMistakeInTheFile_isTold() {
        assertThatExceptionOfType(InvalidMappingException.class)
                .isThrownBy(() -> mapping("[$a(),\n$b()]", plain()))
                .satisfies(
                        e -> assertThat(String.valueOf(e.getMessage()).lines()).hasSize(2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "($f := function($x, $y) { $x & $y }; $f(\"a\", \"b\"); nowhere)",
                "$has_digest ? $digest(a) : $phone(a)",
                "$contains(\"a/b\", /[a-z]\\/b/i) ? $ignore(\"a\") : $ignore(\"b\")",
                "/* $nothing(\"*/ items#$i.($x := 4 / $i; $ignore(\"a\"))",
                "`a \" $x`.'$y' ~> $type() ~> $ignore /* end */",
                "$map([1..3], λ($n) { $n }) = 3 ? $ignore(\"a\")",
                "{\"conversation\": \"c\", \"event_id\": \"e\", \"dynamic_info\": {\"text\": $string({\"any\": 1})}}",
                "{\"conversation\": \"c\", \"event_id\": \"e\","
                        + " \"end_user_metadata\": {\"conversation\": \"c\", \"queue\": \"q\"}}"
            })
    void whatIsRight_isTaken(String expression) throws Exception {
        assertThat(mapping(expression, plain()).map(record("{}"))).isInstanceOf(MappingResult.Mapped.class);
    }

    @Test
    void fileThatCannotBeRead_isNamed(@TempDir Path folder) throws Exception {
        assertThatExceptionOfType(InvalidMappingException.class)
                .isThrownBy(() -> Mapping.load(folder.resolve("none.jsonata"), plain()))
                .withMessageEndingWith("none.jsonata must be a file that exists");
        Path latin = Files.write(folder.resolve("latin.jsonata"), new byte[] {'"', (byte) 0xfc, '"'});
        assertThatExceptionOfType(InvalidMappingException.class)
                .isThrownBy(() -> Mapping.load(latin, plain()))
                .withMessageEndingWith("latin.jsonata must be in UTF-8: save it so");
        Path long_ = Files.write(folder.resolve("long.jsonata"), new byte[(256 << 10) + 1]);
        assertThatExceptionOfType(InvalidMappingException.class)
                .isThrownBy(() -> Mapping.load(long_, plain()))
                .withMessageEndingWith("long.jsonata must have at most 256 KiB");
    }

    @Test
    void country_isTwoLetters() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mapping("$", new MappingContext(LookUp.none(), null, "Germany", Mappings.DEFAULTS)))
                .withMessageContaining("Germany");
    }

    /** The library keeps, of each thread, what it has evaluated last. */
    @Test
    void manyThreads_eachGetTheirOwn() throws Exception {
        Mapping mapping = mapping(
                "($name := function($n) { \"e-\" & $n }; $leak := $exists($left) ? $left : id;"
                        + " [{\"conversation\": $leak, \"event_id\": $name(id), \"end_user_id\": $key},"
                        + " ($left := id; {\"conversation\": id, \"event_id\": $name($sum([n, 1]))})])",
                plain());
        List<Callable<List<Object>>> tasks = IntStream.range(0, 2_000)
                .<Callable<List<Object>>>mapToObj(
                        n -> () -> summary(mapping.map(record("{\"id\":\"" + n + "\",\"n\":" + n + "}"))))
                .toList();
        for (var threads : List.of(Executors.newVirtualThreadPerTaskExecutor(), Executors.newFixedThreadPool(8))) {
            try (threads) {
                List<Future<List<Object>>> results = threads.invokeAll(tasks);
                for (int n = 0; n < results.size(); n++) {
                    assertThat(results.get(n).get())
                            .containsExactly("" + n, "e-" + n, "raw-1", "" + n, "e-" + (n + 1), "");
                }
            }
        }
    }

    private static List<Object> summary(@Nullable MappingResult result) {
        List<Object> summary = new ArrayList<>();
        for (MappedEvent event : ((MappingResult.Mapped) java.util.Objects.requireNonNull(result)).events()) {
            summary.add(event.conversationKey());
            summary.add(event.event().path("event_id").asText());
            summary.add(event.event().path("end_user_id").asText());
        }
        return summary;
    }

    /** The events go through the service's own decoder, which must take them. */
    @Test
    void mappedEvent_isWrittenAsItIs() throws Exception {
        ObjectNode event = event(map(
                "{\"conversation\":\"c\",\"event_id\":\"e\",\"ttl_ms\":1e3,\"end_user_id\":\"u\",\"end_user_metadata\":{\"a\":1.5,\"b\":big,\"c\":null,\"d\":x}}",
                plain(),
                "{\"big\":12345678901234567890}"));

        assertThat(new String(Json.bytes(event), UTF_8))
                .isEqualTo(
                        "{\"event_id\":\"e\",\"ttl_ms\":1000,\"end_user_id\":\"u\",\"end_user_metadata\":{\"a\":1.5,\"b\":12345678901234567890,\"c\":null}}");
    }
}
