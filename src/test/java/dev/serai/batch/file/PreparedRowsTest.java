package dev.serai.batch.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.batch.JobRow;
import dev.serai.loop.UnusableFileException;
import dev.serai.testing.Tries;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.Priority;
import dev.serai.wire.event.EventPreview;
import dev.serai.wire.event.EventPreviews;
import dev.serai.wire.event.SampleRules;
import dev.serai.wire.event.StartEventDecoder;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a file's rows become, and what is said of those that are none. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PreparedRowsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final String JOB = "20260301-1200-test";

    private final StartEventDecoder decoder = decoder(10_000);

    @TempDir
    private Path directory;

    private static StartEventDecoder decoder(int maxEventBytes) {
        return new StartEventDecoder(
                new StartEventDecoder.Rules(
                        null,
                        SampleRules.deadlines(),
                        maxEventBytes,
                        Set.of("llm_provider", "debug"),
                        Set.of("default")),
                SampleRules.replyTopics("replies"));
    }

    private static InputOptions options() {
        return options(Map.of(), Map.of(), null, null, null);
    }

    private static InputOptions options(
            Map<String, String> columns,
            Map<String, String> fields,
            @Nullable String rowId,
            @Nullable String nullText,
            @Nullable String atColumn) {
        return options(columns, fields, rowId, nullText, null, atColumn);
    }

    private static InputOptions options(
            Map<String, String> columns,
            Map<String, String> fields,
            @Nullable String rowId,
            @Nullable String nullText,
            @Nullable Instant at,
            @Nullable String atColumn) {
        return new InputOptions(
                columns,
                fields,
                rowId,
                nullText,
                at,
                atColumn,
                Duration.ofSeconds(30),
                BERLIN,
                Duration.ofMinutes(10),
                null,
                false);
    }

    private PreparedRows prepare(String name, byte[] content, InputOptions options)
            throws IOException, UnusableFileException {
        return prepare(name, content, options, decoder);
    }

    private PreparedRows prepare(String name, byte[] content, InputOptions options, StartEventDecoder decoder)
            throws IOException, UnusableFileException {
        Path file = Files.write(directory.resolve(name), content);
        return PreparedRows.of(file, JOB, options, decoder, "start", NOW, () -> false);
    }

    private PreparedRows prepare(String name, String content, InputOptions options)
            throws IOException, UnusableFileException {
        return prepare(name, content.getBytes(UTF_8), options);
    }

    private static List<JsonNode> events(PreparedRows rows) throws IOException {
        return rows.from(0).map(PreparedRowsTest::event).toList();
    }

    private static JsonNode event(JobRow row) {
        try {
            return Json.MAPPER.readTree(row.event());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> texts(PreparedRows rows) {
        return rows.mistakes().first().stream().map(Mistake::text).toList();
    }

    /** The first 64 KiB of an event say when its turn is, and whether it is of a job that was cancelled. */
    @Test
    void whatDecidesAboutAnEventsTurn_isFirst_howeverLongTheRowIs() throws Exception {
        String text = "a".repeat(100_000);
        PreparedRows rows = prepare(
                "rows.csv",
                ("end_user_metadata.note,character_id,expires_at\n" + text + ",guide,2026-03-01T18:00:00Z\n")
                        .getBytes(UTF_8),
                options(Map.of(), Map.of("tenant", "default"), null, null, null),
                decoder(200_000));

        assertThat(texts(rows)).isEmpty();
        EventPreview preview = new EventPreviews(SampleRules.deadlines(), Set.of("default"), null)
                .of(
                        new OriginalRecord(
                                "start",
                                0,
                                0,
                                NOW,
                                null,
                                rows.from(0).findFirst().orElseThrow().event(),
                                List.of()),
                        NOW);

        assertThat(preview)
                .isEqualTo(new EventPreview(
                        "default", Instant.parse("2026-03-01T18:00:00Z"), "guide", Priority.BATCH, false));
    }

    @ParameterizedTest
    @CsvSource({"',', UTF-8", ";, UTF-8", "TAB, UTF-8", "',', UTF-8-BOM", ";, UTF-16LE-BOM", "TAB, UTF-16BE-BOM"})
    void csv_isReadWithItsDelimiterAndItsEncoding(String delimiter, String encoding) throws Exception {
        String text = """
            character_id|dynamic_info.text|end_user_metadata.name\r
            guide|"Grüß ""Gott"",
            Anna; | 你好"|007\r
            \r
            guide||"a, b; c"
            """.replace("|", delimiter.equals("TAB") ? "\t" : delimiter);
        Charset charset = Charset.forName(encoding.replace("-BOM", ""));
        byte[] content = ((encoding.endsWith("-BOM") ? "\uFEFF" : "") + text).getBytes(charset);

        try (PreparedRows rows = prepare("rows.csv", content, options())) {
            assertThat(texts(rows)).isEmpty();
            List<JsonNode> events = events(rows);
            assertThat(events).hasSize(2);
            assertThat(events.getFirst().at("/dynamic_info/text").asText()).startsWith("Grüß \"Gott\",\nAnna; ");
            assertThat(events.getFirst().at("/end_user_metadata/name")).isEqualTo(Json.MAPPER.readTree("\"007\""));
            assertThat(events.getLast().has("dynamic_info")).isFalse();
            assertThat(events.getLast().path("event_id").asText()).isEqualTo(JOB + "/2");
            assertThat(rows.lines().line(1)).isEqualTo(2);
            assertThat(rows.lines().line(2)).isEqualTo(5);
        }
    }

    @Test
    void columns_becomeFields_byNameByMapAndBySet() throws Exception {
        try (PreparedRows rows = prepare(
                "rows.csv",
                """
                learner,figure,ttl_ms,connect_options.debug,connect_options.llm_provider,note,dynamic_info.text
                anna,guide,5000,true,dynamic,,NULL
                """,
                options(
                        Map.of("figure", "character_id", "learner", "end_user_id"),
                        Map.of("connection_type", "video", "end_user_metadata.class", "7"),
                        "learner",
                        "NULL",
                        null))) {
            assertThat(texts(rows)).isEmpty();
            JobRow row = rows.from(0).findFirst().orElseThrow();
            assertThat(new String(row.key(), UTF_8)).isEqualTo("anna");
            assertThat(row.number()).isEqualTo(1);
            assertThat(event(row)).isEqualTo(Json.MAPPER.readTree("""
                {"event_id":"20260301-1200-test/1/anna","character_id":"guide","end_user_id":"anna","ttl_ms":5000,
                 "connect_options":{"debug":true,"llm_provider":"dynamic"},"dynamic_info":{"text":null},
                 "connection_type":"video","end_user_metadata":{"class":"7"},"priority":"batch"}\
                """));
            assertThat(rows.unusedColumns()).containsExactly("note");
        }
    }

    @Test
    void jsonLines_areReadWithTheSameOptions() throws Exception {
        try (PreparedRows rows =
                prepare("rows.jsonl", """
                {"id":7,"figure":"guide","dynamic_info":{"text":"a"},"end_user_metadata.x":1}

                {"id":"8","figure":"guide","ttl_ms":"soon"}
                []
                {"id":9,
                """, options(Map.of("figure", "character_id"), Map.of(), "id", null, null))) {
            assertThat(events(rows)).hasSize(1);
            assertThat(events(rows).getFirst().path("event_id").asText()).isEqualTo(JOB + "/1/7");
            assertThat(events(rows).getFirst().at("/dynamic_info/text").asText())
                    .isEqualTo("a");
            assertThat(texts(rows))
                    .satisfiesExactly(
                            ttl -> assertThat(ttl).startsWith("line 3, column ttl_ms: /ttl_ms: must be a whole number"),
                            array -> assertThat(array).startsWith("line 4: must be a JSON object"),
                            cut -> assertThat(cut).startsWith("line 5: is no JSON"));
        }
    }

    @Test
    void badRows_areAllReported_andTheOthersKept() throws Exception {
        byte[] latin = "character_id,ttl_ms,id,end_user_metadata\ngrüß,,a,\n".getBytes(StandardCharsets.ISO_8859_1);
        String rest = """
                guide,1,b,
                guide,0,c,
                guide
                guide,,b,
                ,,d,
                guide,x,e,
                ,,,
                guide,,,
                guide,,f,1
                guide,,"g
                h",
                """;
        byte[] content = new byte[latin.length + rest.length()];
        System.arraycopy(latin, 0, content, 0, latin.length);
        System.arraycopy(rest.getBytes(UTF_8), 0, content, latin.length, rest.length());

        try (PreparedRows rows = prepare("rows.csv", content, options(Map.of(), Map.of(), "id", null, null))) {
            assertThat(rows.rows()).isEqualTo(1);
            assertThat(rows.invalid()).isEqualTo(10);
            assertThat(String.join("\n", texts(rows)))
                    .containsSubsequence(
                            "line 2: holds bytes that are no UTF-8",
                            "line 4, column ttl_ms: /ttl_ms: must have a minimum value of 1",
                            "line 5: must have 4 cells, as the first line has, not 1",
                            "line 6: has the row id of line 3: ids must differ",
                            "line 7, column character_id: /character_id: is required",
                            "line 8, column ttl_ms: /ttl_ms: must be a whole number, and is a string",
                            "line 9: is a row of empty cells",
                            "line 10, column id: must hold a text, and is empty",
                            "line 11, column end_user_metadata: /end_user_metadata: must be an object",
                            "line 12, column id: must be in one line");
        }
    }

    @Test
    void mistakes_areBounded_andTheRestIsCounted() throws Exception {
        String content = "character_id\n" + "guide,2\n".repeat(Mistakes.MOST_KEPT + 5);

        try (PreparedRows rows = prepare("rows.csv", content, options())) {
            assertThat(rows.mistakes().first()).hasSize(Mistakes.MOST_KEPT);
            assertThat(rows.mistakes().count()).isEqualTo(Mistakes.MOST_KEPT + 5);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                | must name its columns in its first line, and is empty",
                "'character_id\n'                  | must have a row, and has none",
                "'a,,b\n1,2,3'                     | line 1 must have a name for column 2",
                "'a,b,a\n1,2,3'                    | line 1 must have another name for column 3",
                "'character_id\ng\n\"g\nh'         | is no CSV: a quote that opens a cell needs one that closes it",
                "'character_id,x\ng,1\n\"g\"h,2\n' | line 3 is no CSV"
            })
    void fileThatIsNone_isRefused(String content, String message) {
        assertThatThrownBy(() -> prepare("rows.csv", content, options()))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining("rows.csv")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nobody=character_id | there is no column nobody, which --map, --row-id or --at-column names; columns"
                        + " are a, b",
                "a=characterid       | --map a=characterid must name a field of start events",
                "a=event_id          | --map a=event_id cannot set event_id: ids of events are made of job and row",
                "a=priority          | cannot set priority",
                "a=scene_description.x | must name a field of start events, or one within connect_options.NAME,"
                        + " dynamic_info.NAME"
            })
    void mapOfWhatThereIsNot_isRefused(String map, String message) {
        String[] pair = map.split("=", 2);
        assertThatThrownBy(() -> prepare(
                        "rows.csv", "a,b\n1,2\n", options(Map.of(pair[0], pair[1]), Map.of(), null, null, null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void csvWithoutAColumnForTheCharacter_isRefusedOnce_notRowByRow() throws Exception {
        assertThatThrownBy(() -> prepare("rows.csv", "learner,figure\nanna,guide\nben,guide\n", options()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "there is no column character_id, which all rows need: --map COLUMN=character_id")
                .hasMessageEndingWith("columns are learner, figure");

        Map<String, String> figure = Map.of("figure", "character_id");
        try (PreparedRows rows = prepare(
                "rows.csv", "learner,figure\nanna,guide\nben,\n", options(figure, Map.of(), null, null, null))) {
            assertThat(texts(rows))
                    .singleElement()
                    .asString()
                    .startsWith("line 3, column figure: /character_id: is required");
        }
        Map<String, String> guide = Map.of("character_id", "guide");
        try (PreparedRows rows = prepare("rows.csv", "learner\nanna\n", options(Map.of(), guide, null, null, null))) {
            assertThat(texts(rows)).isEmpty();
        }
    }

    @Test
    void rowsWithTimes_comeInTheirOrder_thoseWithoutFirst() throws Exception {
        try (PreparedRows rows = prepare("rows.csv", """
                character_id,when
                a,2026-03-02T10:00
                b,2026-03-01T20:00:00Z
                c,
                d,2026-03-02 10:00
                e,2026-03-01T11:59:30Z
                f,2026-03-01T11:00:00Z
                g,tomorrow
                h,2026-04-01T10:00
                i,2026-02-29 10:00
                """, options(Map.of(), Map.of(), null, null, "when"))) {
            List<JobRow> ordered = rows.from(0).toList();
            assertThat(ordered).extracting(JobRow::number).containsExactly(3L, 5L, 2L, 1L, 4L);
            assertThat(ordered.getFirst().due()).isNull();
            assertThat(ordered.get(3).due()).isEqualTo(Instant.parse("2026-03-02T08:59:30Z"));
            assertThat(event(ordered.get(3)).path("expires_at").asText()).isEqualTo("2026-03-02T09:10:00Z");
            assertThat(event(ordered.getFirst()).path("ttl_ms").asLong()).isEqualTo(600_000);
            assertThat(rows.from(3)).extracting(JobRow::number).containsExactly(1L, 4L);
            assertThat(texts(rows))
                    .satisfiesExactly(
                            passed -> assertThat(passed).startsWith("line 7, column when: is 2026-03-01T11:00:00Z"),
                            none -> assertThat(none)
                                    .startsWith("line 8, column when: must be a date and time")
                                    .doesNotContain("there is not"),
                            far -> assertThat(far).contains("line 9", "more than 30 days away"),
                            noDay -> assertThat(noDay)
                                    .startsWith("line 10, column when: must be a date and time")
                                    .endsWith(", and names a day or a time that there is not"));
        }
    }

    /** Of JSON, which can write half a character. */
    @Test
    void halfACharacter_isABadRow_whereverItIs() throws Exception {
        String half = "\\ud83d";
        try (PreparedRows rows = prepare(
                "rows.jsonl",
                "{\"id\":\"a\",\"character_id\":\"guide\"}\n"
                        + "{\"id\":\"b\",\"character_id\":\"guide\",\"dynamic_info\":{\"text\":\"x" + half + "\"}}\n"
                        + "{\"id\":\"c\",\"character_id\":\"guide\",\"end_user_metadata." + half + "\":\"x\"}\n"
                        + "{\"id\":\"" + half + "\",\"character_id\":\"guide\"}\n"
                        + "{\"id\":\"e\",\"character_id\":\"guide\",\"conversation_key\":\"" + half + "\"}\n"
                        + "{\"id\":\"f\",\"character_id\":\"guide\",\"of no use" + half + "\":\"" + half + "\"}\n",
                options(Map.of(), Map.of(), "id", null, null))) {
            assertThat(rows.rows()).isEqualTo(2);
            assertThat(texts(rows))
                    .satisfiesExactly(
                            text -> assertThat(text).startsWith("line 2"),
                            name -> assertThat(name).startsWith("line 3"),
                            id -> assertThat(id).startsWith("line 4, column id: must be of whole characters"),
                            key -> assertThat(key)
                                    .startsWith("line 5, column conversation_key: must be of whole characters"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'character_id;end_user_metadata.class;end_user_metadata\ng;7;\"{\"\"class\"\":\"\"b\"\"}\"\n'",
                "'character_id;end_user_metadata;end_user_metadata.class\ng;\"{\"\"class\"\":\"\"b\"\"}\";7\n'",
            })
    void columnsThatSetTheSame_areABadRow(String content) throws Exception {
        try (PreparedRows rows = prepare("rows.csv", content, options())) {
            assertThat(texts(rows)).singleElement().satisfies(text -> assertThat(text)
                    .contains("column end_user_metadata", "another column sets"));
        }
    }

    @Test
    void columnsThatAddToEachOther_areBothThere() throws Exception {
        String content = """
                character_id;end_user_metadata;end_user_metadata.class
                g;"{""a"":""b""}";7
                g;;7
                g;"{""a"":""b""}";
                """;
        try (PreparedRows rows = prepare("rows.csv", content, options())) {
            assertThat(texts(rows)).isEmpty();
            assertThat(events(rows))
                    .extracting(event -> event.path("end_user_metadata").toString())
                    .containsExactly("{\"a\":\"b\",\"class\":\"7\"}", "{\"class\":\"7\"}", "{\"a\":\"b\"}");
        }
    }

    /** It would take away what the column says, of every row. */
    @Test
    void setOfWhatAColumnSetsAPartOf_isRefused() {
        assertThatThrownBy(() -> prepare(
                        "rows.csv",
                        "character_id,end_user_metadata.class\nguide,7\n",
                        options(Map.of(), Map.of("end_user_metadata", "{\"a\":\"b\"}"), null, null, null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--set end_user_metadata")
                .hasMessageContaining("column end_user_metadata.class");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2026-03-31T12:00:01Z | --at is 2026-03-31T12:00:01Z, more than 30 days away",
                "2026-03-01T11:49:59Z | --at is 2026-03-01T11:49:59Z, which has passed for longer than --deadline"
                        + " allows"
            })
    void timeOfAllRows_isBoundedAsThatOfEachIs(Instant at, String message) {
        InputOptions options = options(Map.of(), Map.of(), null, null, at, null);

        assertThatThrownBy(() -> prepare("rows.csv", "character_id\nguide\n", options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void digest_isOfRowsAndOptions() throws Exception {
        String content = "character_id,id\na,1\nb,2\n";
        String digest = digest(content, options());

        assertThat(digest(content, options())).isEqualTo(digest);
        assertThat(digest(content.replace("b,2", "b,3"), options())).isEqualTo(digest);
        assertThat(digest(content.replace("b", "c"), options())).isNotEqualTo(digest);
        assertThat(digest(content, options(Map.of(), Map.of(), "id", null, null)))
                .isNotEqualTo(digest);
    }

    private String digest(String content, InputOptions options) throws Exception {
        try (PreparedRows rows = prepare("rows.csv", content, options)) {
            return rows.digest();
        }
    }

    @Test
    void manyRows_areReadBack_eachAsItWas() throws Exception {
        int count = Integer.getInteger("serai.test.rows", Tries.of(5_000));
        Path file = directory.resolve("rows.csv");
        try (var out = Files.newBufferedWriter(file)) {
            out.write("id,character_id,dynamic_info.text,when\n");
            for (int number = 1; number <= count; number++) {
                out.write(number + ",guide-" + number % 7 + ",\"text, of\n" + number + "\","
                        + Instant.ofEpochSecond(NOW.getEpochSecond() + (number * 7919L) % count) + "\n");
            }
        }
        try (PreparedRows rows = PreparedRows.of(
                file, JOB, options(Map.of(), Map.of(), "id", null, "when"), decoder, "start", NOW, () -> false)) {
            assertThat(rows.rows()).isEqualTo(count);
            List<String> wrong = new ArrayList<>();
            Instant[] before = {Instant.MIN};
            rows.from(0).forEach(row -> {
                String eventId = JOB + "/" + row.number() + "/" + row.number();
                Instant due = Objects.requireNonNull(row.due());
                if (!event(row).path("event_id").asText().equals(eventId) || due.isBefore(before[0])) {
                    wrong.add(eventId);
                }
                before[0] = due;
            });
            assertThat(wrong).isEmpty();
            assertThat(rows.lines().line(count)).isEqualTo(2 * count);
        }
    }
}
