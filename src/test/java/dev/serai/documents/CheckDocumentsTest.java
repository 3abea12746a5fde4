package dev.serai.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.TypedCommands;
import dev.serai.wire.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands on the pages of mappings and of contact centres, in their order, on what the pages say is in the files. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class CheckDocumentsTest {
    private static final Path MAPPINGS = Path.of("src/docs/mappings.md");
    private static final Path CONTACT_CENTRES = Path.of("src/docs/contact-centres.md");
    private static final Path SAMPLE =
            Path.of("src/test/resources/mappings/amazon-connect/start-inbound-call.sample.json");

    private final TypedCommands commands = new TypedCommands();

    @TempDir
    private Path folder;

    @BeforeEach
    void createFolders() throws Exception {
        Files.createDirectories(folder.resolve("config/mappings/lantern"));
    }

    @Test
    void mappingOfOnesOwn_isCheckedOnTheWay() throws Exception {
        Path expected = folder.resolve("config/mappings/lantern/answered.expected.json");
        write("config/mappings/lantern/answered.sample.json", block(MAPPINGS, "json", 0));
        write("config/mappings/lantern.jsonata", block(MAPPINGS, "jsonata", 0));
        List<String> typed = commands(MAPPINGS);
        assertThat(typed).hasSize(3);

        run(typed.getFirst());
        assertThat(commands.out()).contains("becomes 1 event", "\"conversation\" : \"L-2048\"", "POST /connect");

        write("config/lantern.csv", block(MAPPINGS, "csv", 0));
        writeSettings(block(MAPPINGS, "properties", 0));
        run(typed.get(1));
        assertThat(Json.MAPPER.readTree(Files.readString(expected)).path("events"))
                .isEqualTo(Json.MAPPER.readTree(block(MAPPINGS, "json", 1)).path("events"));

        write("config/mappings/lantern/answered.expected.json", block(MAPPINGS, "json", 1));
        run(typed.get(2));
        assertThat(commands.out())
                .contains("answered.sample.json: becomes what is expected", "a look-up table of 3 rows");
    }

    @Test
    void recordOfAContactCentre_isCheckedWithItsIntake() throws Exception {
        Files.copy(SAMPLE, folder.resolve("record.json"));
        write("config/calls.csv", block(CONTACT_CENTRES, "csv", 0));
        writeSettings(block(CONTACT_CENTRES, "properties", 0));

        commands(CONTACT_CENTRES).forEach(this::run);

        assertThat(commands.out())
                .contains("record.json: becomes 1 event", "\"character_id\" : \"museum-guide\"", "POST /connect");
    }

    private void writeSettings(String properties) throws Exception {
        write("config/application.properties", properties.replace("=config/", "=" + folder + "/config/"));
    }

    private void write(String name, String text) throws Exception {
        Files.writeString(folder.resolve(name), text);
    }

    /** As if it were typed in the folder. */
    private void run(String command) {
        List<String> arguments = new ArrayList<>();
        for (String argument : command.substring("./serai ".length()).split(" ", -1)) {
            arguments.add(
                    argument.startsWith("config/") || argument.endsWith(".json")
                            ? folder.resolve(argument).toString()
                            : argument);
        }
        Path settings = folder.resolve("config/application.properties");
        arguments.addAll(List.of("--config", Files.exists(settings) ? settings.toString() : "/dev/null"));
        commands.forget();

        int exitCode = commands.run(arguments);

        assertThat(exitCode)
                .as(command + "\n" + commands.out() + commands.err())
                .isZero();
    }

    private static List<String> commands(Path page) throws Exception {
        return blocks(page, "bash").stream().flatMap(String::lines).toList();
    }

    private static String block(Path page, String language, int index) throws Exception {
        return blocks(page, language).get(index);
    }

    private static List<String> blocks(Path page, String language) throws Exception {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(page))
                .results()
                .map(match -> match.group(1))
                .toList();
    }
}
