package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.TypedCommands;
import dev.serai.wire.Json;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code serai check} with files: nothing is asked of Kafka or of a provider. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class CheckFilesTest {
    private static final String MAPPING = """
            (
              $where := $row($required(dialled, "/dialled"));
              kind = "answered" ? {
                "conversation": $required(id, "/id"),
                "event_id": id & ":start",
                "action": "start",
                "occurred_at": $time(at),
                "end_user_id": $person(caller),
                "row": $where
              } : $ignore("unknown kind")
            )
            """;

    /** Of the character that {@link #CALL} is for. */
    private static final String TABLE = "key,character_id\n0800 0000001,guide\n";

    private static final String CALL = """
            {"kind": "answered", "id": "L-1", "dialled": "0800 0000001", "caller": "0151 10000001", "at": 1795166102631}
            """;

    private final TypedCommands commands = new TypedCommands();

    @TempDir
    private Path directory;

    @Test
    void event_isShownAsItIsTaken_withTheRequest_andWithoutSecrets() throws Exception {
        Path file = write("event.json", """
                {"character_id": "guide", "end_user_id": "anna", "charakter_id": "x",
                 "connect_options": {"room_session_id": "0f8fad5b-d9cb-469f-a165-70867728950e"},
                 "end_user_metadata": {"access_token": "a-secret-of-this-test"}}
                """);

        assertThat(check(file, "--key", "caller-1")).as(commands.err()).isEqualTo(ExitCode.OK);

        assertThat(commands.out())
                .contains(
                        "ok       " + file + ": an event that the service takes",
                        "published on conversation.start with the key caller-1: {",
                        "answered: started, when the provider gives a room, on conversation.replies",
                        "sent to the provider, POST /connect: {",
                        "\"end_user_id\" : \"anna\"",
                        "\"access_token\" : \"[masked]\"",
                        "if conversation caller-1 is remembered, its character_session_id is added",
                        "has no effect: ")
                .doesNotContain("a-secret-of-this-test", "0f8fad5b")
                .endsWith("Nothing is wrong; files looked at: 1\n");
    }

    @Test
    void requestInJson_isWhatTheProviderGets() throws Exception {
        Path file = write(
                "event.json",
                "{\"character_id\": \"guide\", \"connection_type\": \"video\", \"speaker_id\": \"s\","
                        + " \"scene_description\": [{\"name\": \"hall\", \"description\": \"large\"}]}");

        assertThat(check(file, "--json")).isEqualTo(ExitCode.OK);

        assertThat(json().at("/files/0/results/0/connect")).isEqualTo(Json.MAPPER.readTree("""
                {"character_id": "guide", "connection_type": "video", "speaker_id": "s",
                 "scene_description": [{"name": "hall", "description": "large"}]}"""));
    }

    @Test
    void eventThatTheServiceRefuses_isWrong_withThePathOfEachProblem() throws Exception {
        Path file = write("event.json", "{\"character_id\": 7, \"ttl_ms\": -1, \"tenant\": \"nobody\"}");

        assertThat(check(file, "--json")).isEqualTo(ExitCode.FAILED);

        assertThat(json().path("exit_code").asInt()).isEqualTo(1);
        assertThat(json().path("problems").findValuesAsText("path")).containsExactly("/character_id", "/ttl_ms");
        assertThat(json().at("/problems/0/text").asText()).contains("must be a string");
        assertThat(json().at("/files/0/results/0/answer").asText())
                .isEqualTo("failed, with invalid_event, on conversation.replies; and a dead letter on"
                        + " conversation.dead-letters");
        assertThat(json().at("/files/0/results/0").has("connect")).isFalse();
    }

    @Test
    void eventOfAnUnknownTenant_isWrong_asItIsForTheService() throws Exception {
        Path file = write("event.json", "{\"character_id\": \"guide\", \"tenant\": \"nobody\"}");

        assertThat(check(file)).isEqualTo(ExitCode.FAILED);

        assertThat(commands.out()).contains(file + ", /tenant: nobody is unknown");
    }

    @Test
    void endEvent_saysWhatItEnds_andNeedsAKey() throws Exception {
        Path file = write("end.json", "{\"action\": \"end\", \"character_id\": \"guide\"}");

        assertThat(check(file, "--key", "caller-1")).isEqualTo(ExitCode.OK);
        assertThat(commands.out())
                .contains(
                        "answered: ended, on conversation.replies", "ends what is open of the conversation with guide")
                .doesNotContain("POST /connect");

        assertThat(check(file)).isEqualTo(ExitCode.FAILED);
        assertThat(commands.out()).contains("the event ends a conversation, and has no key");
    }

    @Test
    void deadlineThatHasPassed_isSaid() throws Exception {
        Path file = write("event.json", "{\"character_id\": \"guide\", \"expires_at\": \"2020-01-01T00:00:00Z\"}");

        assertThat(check(file)).isEqualTo(ExitCode.OK);

        assertThat(commands.out())
                .contains("answered: failed, with expired", "until 2020-01-01T00:00:00Z, which has passed");
    }

    @Test
    void headers_areLookedAt() throws Exception {
        Path file = write("event.json", "{\"character_id\": \"guide\"}");

        assertThat(check(file, "--header", "kafka_replyTopic=others")).isEqualTo(ExitCode.FAILED);
        assertThat(commands.out()).contains(file + ": header kafka_replyTopic: the topic is not among those");

        assertThat(check(file, "--header", "kafka_replyTopic=others", "--set", "serai.reply.allowed-topics=others"))
                .isEqualTo(ExitCode.OK);
        assertThat(commands.out()).contains("on others\n");
    }

    @Test
    void whatEnrichmentAdds_isSaid() throws Exception {
        Path scenes = write("scenes.json", "{}");
        Path file = write("event.json", "{\"character_id\": \"guide\", \"scene_ref\": \"hall\"}");

        assertThat(check(
                        file,
                        "--set",
                        "serai.sources.scenes.type=file",
                        "--set",
                        "serai.sources.scenes.path=" + scenes,
                        "--set",
                        "serai.enrich.scene-source=scenes"))
                .as(commands.err())
                .isEqualTo(ExitCode.OK);

        assertThat(commands.out())
                .contains("scene_ref hall is looked up in source scenes, whose answer is added to scene_description");
    }

    @Test
    void eventsOfLines_areEachLookedAt_andNamedByTheirLine() throws Exception {
        Path file = write("events.jsonl", """
                {"character_id": "guide"}

                {"character_id": 7}
                no event
                """);

        assertThat(check(file, "--json")).isEqualTo(ExitCode.FAILED);

        assertThat(json().at("/files/0/summary").asText())
                .isEqualTo("1 event that the service takes, 2 that it refuses");
        assertThat(json().path("problems").findValuesAsText("line")).containsExactly("3", "4");
        assertThat(json().at("/problems/0/path").asText()).isEqualTo("/character_id");
        assertThat(json().at("/files/0/results").findValuesAsText("line")).containsExactly("1", "3", "4");
    }

    @Test
    void veryManyRefusedLines_areCounted() throws Exception {
        Path file = write("events.ndjson", "{}\n".repeat(250));

        assertThat(check(file)).isEqualTo(ExitCode.FAILED);

        assertThat(commands.out())
                .contains("0 events that the service takes, 250 that it refuses", "and 150 more lines are refused");
        assertThat(commands.out().lines()).hasSizeLessThan(1_000);
    }

    @Test
    void mapping_isParsed_andMistakesHaveLineAndColumn() throws Exception {
        Path good = write("good.jsonata", MAPPING);
        Path bad = write("bad.jsonata", "{\n  \"conversation\": id,\n  \"event_id\": $requird(id)\n}\n");

        assertThat(check(good)).isEqualTo(ExitCode.OK);
        assertThat(commands.out()).contains("a mapping that can be used; give a raw record behind it");

        assertThat(check(bad, "--json")).isEqualTo(ExitCode.FAILED);
        assertThat(json().at("/problems/0/file").asText()).isEqualTo(bad.toString());
        assertThat(json().at("/problems/0/line").asInt()).isEqualTo(3);
        assertThat(json().at("/problems/0/column").asInt()).isPositive();
        assertThat(json().at("/problems/0/text").asText()).contains("requird");
    }

    @Test
    void mappingWithASample_showsItsEvents_andWhatTheProviderGets() throws Exception {
        Path mapping = write("my.jsonata", MAPPING);
        Path sample = write("sample.json", CALL);

        assertThat(check(mapping, sample)).as(commands.out()).isEqualTo(ExitCode.OK);

        assertThat(commands.out())
                .contains(
                        sample + ": becomes 1 event",
                        "\"conversation\" : \"L-1\"",
                        "\"expires_at\" : \"2026-11-20T09:17:02.631Z\"",
                        "sent to the provider, POST /connect: {",
                        "note: no character_id: that of serai.intake.NAME.character-id is taken");
    }

    @Test
    void sampleThatIsIgnored_isFine_andOneThatIsRejectedIsNot() throws Exception {
        Path mapping = write("my.jsonata", MAPPING);
        Path ignored = write("ignored.json", "{\"kind\": \"ringing\", \"dialled\": \"1\"}");
        Path rejected = write("rejected.json", "{\"kind\": \"answered\", \"dialled\": \"1\"}");

        assertThat(check(mapping, ignored)).isEqualTo(ExitCode.OK);
        assertThat(commands.out()).contains("is ignored: unknown kind");

        assertThat(check(mapping, rejected)).isEqualTo(ExitCode.FAILED);
        assertThat(commands.out())
                .contains(
                        "a record that the mapping refuses: it becomes a dead letter", rejected + ", /id: is missing");
    }

    @Test
    void keyAndHeaders_areThoseOfTheRawRecord() throws Exception {
        Path mapping = write("my.jsonata", """
                {"conversation": $key, "event_id": $headers.contact, "action": "end"}
                """);
        Path sample = write("sample.json", "{}");

        assertThat(check(mapping, sample, "--key", "call-7", "--header", "contact=c-1", "--json"))
                .isEqualTo(ExitCode.OK);

        assertThat(json().at("/files/1/results/0/made/events/0"))
                .isEqualTo(
                        Json.MAPPER.readTree("{\"conversation\":\"call-7\",\"event_id\":\"c-1\",\"action\":\"end\"}"));
    }

    @Test
    void intake_lendsItsMappingTableCountryKeyFileAndDefaults() throws Exception {
        Path mapping = write("my.jsonata", MAPPING);
        Path table = write("numbers.csv", "key,character_id\n+498000000001,guide\n");
        Path key = write("digest-key", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
        Path sample = write("sample.json", CALL);
        String[] intake = settings(
                "topic=raw", "mapping=" + mapping, "table=" + table, "country=DE", "ttl=30s", "digest-key-file=" + key);

        assertThat(check(sample, with(intake, "--intake", "calls", "--json")))
                .as(commands.err())
                .isEqualTo(ExitCode.OK);

        JsonNode event = json().at("/files/1/results/0/made/events/0");
        assertThat(event.path("character_id").asText()).isEqualTo("guide");
        assertThat(event.path("expires_at").asText()).isEqualTo("2026-11-20T09:15:32.631Z");
        assertThat(event.path("end_user_id").asText()).matches("[0-9a-f]{32}");
        assertThat(json().at("/files/1/results/1/connect/character_id").asText())
                .isEqualTo("guide");
    }

    @Test
    void table_isDescribed() throws Exception {
        Path csv = write("numbers.csv", "key,character_id,language\n+498000000001,guide,de\n*,,\n");
        Path json = write("numbers.json", "{\"+498000000001\": {\"character_id\": \"guide\"}}");

        assertThat(check(csv, json)).as(commands.out()).isEqualTo(ExitCode.OK);

        assertThat(commands.out())
                .contains(
                        csv + ": a look-up table of 2 rows",
                        "columns: [ \"character_id\", \"language\" ]",
                        "row * for keys that have none: true",
                        "columns that only the mapping can use: language",
                        "1 row names no character_id",
                        json + ": a look-up table of 1 row",
                        "no row *: of a key that is not there, $row finds nothing");
    }

    @Test
    void table_hasEachOfItsMistakesNamed() throws Exception {
        Path file = write("numbers.csv", """
                key,charakter_id,tenant,ignore
                +498000000001,a,nobody,
                +498000000002,b,,maybe
                twice,c,,
                twice,d,,
                """);

        assertThat(check(file, "--json")).isEqualTo(ExitCode.FAILED);

        assertThat(json().path("problems").findValuesAsText("path"))
                .containsExactlyInAnyOrder(
                        "/+498000000001/charakter_id", "/+498000000001/tenant", "/+498000000002/ignore", "/twice");
        assertThat(json().path("problems").findValuesAsText("text"))
                .anyMatch(text -> text.contains("did you mean \"character_id\"?"))
                .anyMatch(text -> text.contains("serai.tenants.nobody"))
                .anyMatch(text -> text.contains("must have true, false or nothing"))
                .anyMatch(text -> text.contains("has several for one"));
    }

    @Test
    void tableThatIsNoTable_isNamedWithItsLine() throws Exception {
        Path ragged = write("numbers.csv", "key,character_id\n+498000000001\n");
        Path empty = write("empty.csv", "key\n");

        assertThat(check(ragged, empty, "--json")).isEqualTo(ExitCode.FAILED);

        assertThat(json().at("/problems/0/line").asInt()).isEqualTo(2);
        assertThat(json().at("/problems/0/text").asText()).contains("must have 2 cells");
        assertThat(json().at("/problems/1/text").asText()).contains("must have at least one row");
    }

    @Test
    void tableBesideAMapping_isTheOneItLooksUpIn() throws Exception {
        Path mapping = write("my.jsonata", MAPPING);
        Path sample = write("sample.json", CALL);
        Path table = write("numbers.csv", TABLE);

        assertThat(check(mapping, sample, table, "--json")).isEqualTo(ExitCode.OK);
        assertThat(json().at("/files/2/results/0/made/events/0/character_id").asText())
                .isEqualTo("guide");

        Files.writeString(table, "key\nx,y\n");
        assertThat(check(mapping, sample, table)).isEqualTo(ExitCode.FAILED);
        assertThat(commands.out())
                .contains(
                        "was not run: its table " + table + " cannot be used",
                        "not run  " + sample + ": not run, for its mapping cannot be used");
    }

    @Test
    void folder_runsItsTests_andShowsWhatDiffers() throws Exception {
        write("my.jsonata", MAPPING);
        write("numbers.csv", TABLE);
        write("README.md", "not looked at");
        write("good.sample.json", "{\"kind\": \"ringing\", \"dialled\": \"1\"}");
        write("good.expected.json", "{\"ignored\": [\"unknown kind\"]}");
        write("call.sample.json", CALL);
        Path expected = write("call.expected.json", """
                {"events": [{"conversation": "L-1", "event_id": "L-1:start", "action": "start", "character_id": "other",
                 "end_user_id": "0151 10000001", "expires_at": "2026-11-20T09:17:02.631Z"}]}
                """);

        assertThat(check(directory)).isEqualTo(ExitCode.FAILED);

        assertThat(commands.out())
                .contains(
                        "good.sample.json: becomes what is expected",
                        "call.sample.json: does not become what is expected",
                        expected + ", /events/0/character_id: expected \"other\", is \"guide\"")
                .endsWith("1 thing is wrong; files looked at: 4\n");

        Files.writeString(expected, Files.readString(expected).replace("other", "guide"));
        assertThat(check(directory)).as(commands.out()).isEqualTo(ExitCode.OK);
    }

    @Test
    void folderBesideItsMapping_isRunWithThat_andWithTheTableThere() throws Exception {
        write("my.jsonata", MAPPING);
        write("numbers.csv", TABLE);
        Files.createDirectory(directory.resolve("my"));
        Path sample = write("my/call.sample.json", CALL);

        assertThat(check(directory.resolve("my"))).isEqualTo(ExitCode.FAILED);
        assertThat(commands.out())
                .contains("\"character_id\" : \"guide\"", sample + ": is no test without call.expected.json beside it");
    }

    @Test
    void folderWhereTheCommandIsTyped_isRunWithTheTableBesideItsMapping() throws Exception {
        Path samples = Path.of("")
                .resolve(Files.createTempDirectory(Path.of("").toAbsolutePath(), "check-")
                        .getFileName());
        Path mapping = Path.of(samples + ".jsonata");
        Path table = Path.of(samples + ".csv");
        Path sample = samples.resolve("call.sample.json");
        try {
            Files.writeString(mapping, MAPPING);
            Files.writeString(table, TABLE);
            Files.writeString(sample, CALL);

            assertThat(check(samples)).isEqualTo(ExitCode.FAILED);
            assertThat(commands.out()).contains("ok       " + mapping + ": a mapping", "\"character_id\" : \"guide\"");
        } finally {
            for (Path file : List.of(mapping, table, sample, samples)) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Test
    void mappingAndTableGivenBesideAFolder_areThoseOfItsSamples() throws Exception {
        Path mapping = write("my.jsonata", MAPPING);
        Path table = write("numbers.csv", TABLE);
        write("others.csv", "key,character_id\n0800 0000001,clerk\n");
        Path samples = Files.createDirectory(directory.resolve("samples"));
        write("samples/call.sample.json", CALL);
        write("samples/call.expected.json", """
                {"events": [{"conversation": "L-1", "event_id": "L-1:start", "action": "start", "character_id": "guide",
                 "end_user_id": "0151 10000001", "expires_at": "2026-11-20T09:17:02.631Z"}]}
                """);

        assertThat(check(samples, mapping, table)).as(commands.out()).isEqualTo(ExitCode.OK);
        assertThat(commands.out())
                .contains("call.sample.json: becomes what is expected", mapping + ": a mapping that can be used\n")
                .endsWith("Nothing is wrong; files looked at: 3\n");

        assertThat(check(
                        samples,
                        mapping,
                        table,
                        with(settings("topic=calls.events", "mapping=twilio"), "--intake", "calls")))
                .as(commands.out())
                .isEqualTo(ExitCode.OK);
    }

    @Test
    void testsWithoutAMapping_areWrong() throws Exception {
        Path sample = write("call.sample.json", CALL);

        assertThat(check(directory)).isEqualTo(ExitCode.FAILED);

        assertThat(commands.out()).contains(sample + ": is a sample of no mapping: name it with --mapping");
    }

    @Test
    void expectedFiles_areWrittenWhereTheyAreNotThere_andHoldFromThenOn() throws Exception {
        write("my.jsonata", MAPPING);
        write("call.sample.json", CALL);
        write("none.sample.json", "{}");
        Path kept = write("none.expected.json", "{\"rejected\": \"/dialled: is missing\"}");

        assertThat(check(directory, "--write-expected")).as(commands.out()).isEqualTo(ExitCode.OK);
        assertThat(commands.out()).contains("becomes 1 event; written to call.expected.json: look whether it is right");
        assertThat(kept).hasContent("{\"rejected\": \"/dialled: is missing\"}");

        assertThat(check(directory)).as(commands.out()).isEqualTo(ExitCode.OK);
        assertThat(commands.out()).contains("call.sample.json: becomes what is expected");
    }

    @Test
    void eventThatTheServiceWouldRefuse_isWrong_andHasItsPathInWhatTheMappingMakes() throws Exception {
        Path mapping = write("my.jsonata", MAPPING);
        Path sample = write("call.sample.json", CALL);
        write("call.expected.json", """
                {"events": [{"conversation": "L-1", "event_id": "L-1:start", "action": "start",
                 "end_user_id": "0151 10000001", "expires_at": "2026-11-20T09:17:02.631Z"}]}
                """);

        assertThat(check(directory, with(settings("topic=raw", "mapping=" + mapping), "--intake", "calls")))
                .isEqualTo(ExitCode.FAILED);

        assertThat(commands.out())
                .contains(
                        sample + ", /events/0/character_id: the service refuses it: is required",
                        "; or serai.intake.calls.character-id, or a row of the table, such as the row *");
    }

    static Stream<String> vendors() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("config/mappings"))) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".jsonata"))
                    .map(name -> name.replace(".jsonata", ""))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("vendors")
    void shippedMapping_passesItsTests(String vendor) {
        String[] intake = settings("topic=raw", "mapping=" + vendor, "country=DE", "character-id=museum-guide");

        assertThat(check(Path.of("src/test/resources/mappings", vendor), with(intake, "--intake", "calls")))
                .as(commands.out())
                .isEqualTo(ExitCode.OK);

        assertThat(commands.out().lines().filter(line -> line.contains("becomes what is expected")))
                .hasSizeGreaterThan(9);
    }

    @Test
    void whatCannotBeRead_isNamed_andTheRestIsLookedAt() throws Exception {
        Path binary = Files.write(directory.resolve("binary.jsonl"), new byte[] {(byte) 0xff, 0, 1});
        Path huge = directory.resolve("huge.jsonl");
        try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
            file.setLength((64 << 20) + 1);
        }
        Path none = directory.resolve("none.json");
        Path text = write("notes.txt", "x");
        Path good = write("event.json", "{\"character_id\": \"guide\"}");
        Path broken = write("broken.json", "{\"character_id\":");
        Path empty = Files.createDirectory(directory.resolve("empty"));

        assertThat(check(binary, huge, none, text, good, broken, empty)).isEqualTo(ExitCode.FAILED);

        assertThat(commands.out())
                .contains(
                        binary + ": must be a text in UTF-8",
                        huge + ": must have at most 64 MiB",
                        none + ": must be a file that exists",
                        text + ": has a name that does not say what it is: *.jsonata",
                        "ok       " + good,
                        broken + ": the event is not valid JSON",
                        empty + ": holds nothing that can be checked")
                .endsWith("6 things are wrong; files looked at: 7\n");
    }

    @Test
    void whatDoesNotFitTogether_isWrongUsage() throws Exception {
        Path file = write("event.json", "{\"character_id\": \"guide\"}");

        assertThat(execute("check", "--key", "a")).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(commands.err()).contains("--mapping, --intake, --key, --header and --write-expected go with a FILE");
        assertThat(check(file, "--intake", "calls")).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(commands.err())
                .contains("there are no settings serai.intake.calls.*, nor of any other intake:"
                        + " --config names the settings file that has them");
        assertThat(check(file, "--mapping", "nobody")).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(commands.err()).contains("there is no mapping nobody in config/mappings");
        assertThat(check(file, "--header", "serai-status=x")).isEqualTo(ExitCode.WRONG_USAGE);
    }

    private Path write(String name, String text) throws Exception {
        return Files.writeString(directory.resolve(name), text);
    }

    private static String[] settings(String... ofIntake) {
        return Arrays.stream(ofIntake)
                .flatMap(setting -> Stream.of("--set", "serai.intake.calls." + setting))
                .toArray(String[]::new);
    }

    private static List<String> with(String[] some, String... more) {
        return Stream.of(some, more).flatMap(Arrays::stream).toList();
    }

    private JsonNode json() throws Exception {
        return Json.MAPPER.readTree(commands.out());
    }

    /** @param arguments files and options */
    private int check(Object first, Object... arguments) {
        List<String> all = new ArrayList<>(List.of("check"));
        Stream.concat(
                        Stream.of(first),
                        Arrays.stream(arguments)
                                .flatMap(argument ->
                                        argument instanceof List<?> several ? several.stream() : Stream.of(argument)))
                .forEach(argument -> all.add(argument.toString()));
        return execute(all.toArray(String[]::new));
    }

    private int execute(String... words) {
        commands.forget();
        return commands.run(List.of(), List.of(words));
    }
}
