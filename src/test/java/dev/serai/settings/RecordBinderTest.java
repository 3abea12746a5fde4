package dev.serai.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.serai.settings.Key.Text;
import dev.serai.settings.SettingsSources.Given;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class RecordBinderTest {
    @TempDir
    Path directory;

    enum Colour {
        LIGHT_BLUE,
        RED
    }

    record Plain(
            @Text("t") @Key(or = "two words") String someText,
            @Text("w") @Key(is = Kind.WORD) @Nullable String word,

            @Text("n") @Key(or = "7", in = "1 to 9") int number,

            @Text("b") @Key(is = Kind.SIZE, in = "1KiB to 1MiB") @Nullable
            Integer bytes,

            @Text("d") @Key(or = "0.5", in = "0 to 10") double decimal,
            @Text("s") @Key(or = "true") boolean on,

            @Text("d") @Key(or = "90s", in = "1s to 1h") Duration duration,

            @Text("p") @Key(is = Kind.DIRECTORY, or = "data")
            Path path,

            @Text("u") @Key(or = "http://a.example/") URI url,
            @Text("c") @Key(or = "light-blue") Colour colour,
            @Text("l") @Key(is = Kind.WORD, or = "b,a") List<String> words,
            @Text("s") @Key(is = Kind.TOPIC, or = "none") Set<String> topics,

            @Text("o") @Key(is = Kind.WORD_OR_NONE, or = "none") @Nullable
            String noneAtAll,

            @Text("k") @Key @Nullable Secret secret,
            @Text("f") @Key @Nullable HeldSecret secretFile) {}

    record Inner(@Text("a") @Key(or = "1", in = "1 to 9") int a) {}

    record Outer(
            @Key.Section("Some") Inner some,
            @Key.Section("Rest") @Key.Flat Inner other,
            @Text("b") @Key(as = "x.some.a") int b) {}

    enum ShapeType {
        ROUND,
        WITH_CORNERS
    }

    sealed interface Form {
        record Round(@Text("r") @Key(in = "1 to 9") int radius) implements Form {}

        record WithCorners(
                @Text("c") @Key(or = "4", in = "3 to 9") int corners) implements Form {}
    }

    record Shape(
            @Text("t") @Key ShapeType type,

            @Key(orByType = {"red for round", "light-blue for with-corners, which is none"}) @Text("c")
            Colour colour,

            Form form) {}

    record Drawing(Map<String, Shape> shapes) {}

    private static <R extends Record> R bind(Class<R> record, Map<String, String> texts, String... members) {
        RecordBinder<R> binder = RecordBinder.of(record, "x.");
        List<Setting<?>> settings = new ArrayList<>(binder.settings().toList());
        ResolvedSettings resolved = new ResolvedSettings();
        for (SettingFamily family : binder.families()) {
            for (String name : members) {
                resolved.addMember(family, name);
                settings.addAll(family.of(name));
            }
        }
        List<String> problems = new ArrayList<>();
        for (Setting<?> setting : settings) {
            String text = texts.get(setting.key());
            Given given = text == null ? null : new Given(setting, text, Origin.COMMAND_LINE);
            resolved.add(Resolution.resolve(setting, given, resolved, problems));
        }
        assertThat(problems).isEmpty();
        return binder.bind("", resolved);
    }

    private static List<String> keys(Class<? extends Record> record) {
        return RecordBinder.of(record, "x.").settings().map(Setting::key).toList();
    }

    @Test
    void componentsThatAreNotSet_haveTheirDefaults() {
        assertThat(bind(Plain.class, Map.of()))
                .isEqualTo(new Plain(
                        "two words",
                        null,
                        7,
                        null,
                        0.5,
                        true,
                        Duration.ofSeconds(90),
                        Path.of("data"),
                        URI.create("http://a.example"),
                        Colour.LIGHT_BLUE,
                        List.of("b", "a"),
                        Set.of(),
                        null,
                        null,
                        null));
    }

    @Test
    void componentsThatAreSet_haveTheValuesOfTheirKeys() {
        Path file = Loading.write(directory.resolve("file"), "hidden");

        assertThat(bind(
                        Plain.class,
                        Map.ofEntries(
                                Map.entry("x.some-text", "t"),
                                Map.entry("x.word", "w"),
                                Map.entry("x.number", "9"),
                                Map.entry("x.bytes", "2KiB"),
                                Map.entry("x.decimal", "2.5"),
                                Map.entry("x.on", "false"),
                                Map.entry("x.duration", "PT1H"),
                                Map.entry("x.path", directory.toString()),
                                Map.entry("x.url", "https://b.example"),
                                Map.entry("x.colour", "red"),
                                Map.entry("x.words", "c"),
                                Map.entry("x.topics", "d,e"),
                                Map.entry("x.none-at-all", "f"),
                                Map.entry("x.secret-file", file.toString()))))
                .isEqualTo(new Plain(
                        "t",
                        "w",
                        9,
                        2048,
                        2.5,
                        false,
                        Duration.ofHours(1),
                        directory,
                        URI.create("https://b.example"),
                        Colour.RED,
                        List.of("c"),
                        Set.of("d", "e"),
                        "f",
                        new Secret("hidden"),
                        new HeldSecret(new SecretFile(file, SecretFile.Kind.KEY), new Secret("hidden"))));
    }

    @Test
    void recordsInARecord_areGroupsOrFlat() {
        assertThat(keys(Outer.class)).containsExactly("x.some.a", "x.a", "x.b");
        assertThat(bind(Outer.class, Map.of("x.some.a", "3", "x.a", "4")))
                .isEqualTo(new Outer(new Inner(3), new Inner(4), 3));
        assertThat(RecordBinder.of(Outer.class, "x.").sections())
                .extracting(RecordBinder.Section::title)
                .containsExactly("Some", "Rest");
    }

    @Test
    void familyWithTypes_hasForEachMemberTheRecordOfItsType() {
        assertThat(keys(Drawing.class)).isEmpty();
        assertThat(bind(
                        Drawing.class,
                        Map.of("x.shapes.b.type", "with-corners", "x.shapes.a.type", "round", "x.shapes.a.radius", "2"),
                        "b",
                        "a"))
                .isEqualTo(new Drawing(Map.of(
                        "a", new Shape(ShapeType.ROUND, Colour.RED, new Form.Round(2)),
                        "b", new Shape(ShapeType.WITH_CORNERS, Colour.LIGHT_BLUE, new Form.WithCorners(4)))));
    }

    record OfNoKind(@Text("l") @Key(or = "1") long number) {}

    record OfAnotherKind(
            @Text("l") @Key(or = "1", is = Kind.TOPIC) int number) {}

    record WithoutBounds(@Text("n") @Key(or = "1") int number) {}

    record Twice(@Key.Flat Inner one, @Key.Flat Inner other) {}

    record WithoutText(@Key String word) {}

    record WithoutKey(String text) {}

    record NeitherNullNorDefault(@Text("t") @Key String text) {}

    record LikeAnother(
            @Text("n") @Key(or = "1", in = "1 to 2") int one,

            @Text("o") @Key(as = "x.one") double b) {}

    record OfNothing(
            @Text("d") @Key(or = "1s", in = "1s to 2s", atMost = "most")
            Duration least) {}

    record WithoutOneDefault(
            @Text("t") @Key(or = "red") Colour type,
            @Text("c") @Key(orByType = "red for red") Colour colour) {}

    record WithoutType(Form form) {}

    record FamilyInAGroup(Drawing drawing) {}

    record GroupInAMember(Inner inner) {}

    record GroupInAFamily(Map<String, GroupInAMember> members) {}

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            OfNoKind | OfNoKind.number is a setting of the Java type long, for which there is no kind
            OfAnotherKind | OfAnotherKind.number is a setting of the Java type int, for which there is no kind TOPIC
            WithoutBounds | WithoutBounds.number has no good bounds: For input string: ""
            Twice | Twice.other Inner.a is a second setting x.a
            WithoutText | WithoutText.word must have a @Text
            WithoutKey | WithoutKey.text must have a @Key, or be a record, a sealed interface of records or a map of names to records
            NeitherNullNorDefault | x.text must have a default or be @Nullable: nobody can be made to set it
            LikeAnother | LikeAnother.b is as x.one, which must come before it and have the same Java type
            OfNothing | x.least names most, which is not in its group
            WithoutOneDefault | x.colour has no default for type light-blue
            WithoutType | WithoutType.form needs a setting "type" before it, an enum with the constants [round, with-corners]
            FamilyInAGroup | FamilyInAGroup.drawing has a family, which only the root may have
            GroupInAFamily | GroupInAFamily.members has a group inner., in which no name is found again
            """)
    void componentThatCannotBeASetting_isRefusedByName(String record, String problem) throws Exception {
        Class<? extends Record> type =
                Class.forName(getClass().getName() + "$" + record).asSubclass(Record.class);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecordBinder.of(type, "x."))
                .withMessage(problem);
    }
}
