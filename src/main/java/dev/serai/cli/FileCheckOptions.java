package dev.serai.cli;

import dev.serai.check.Given;
import dev.serai.dialect.mapping.LookUp;
import dev.serai.dialect.mapping.MappingContext;
import dev.serai.dialect.mapping.MappingDefaults;
import dev.serai.service.IntakeContext;
import dev.serai.settings.Home;
import dev.serai.settings.MappedIntake;
import dev.serai.settings.SeraiSettings;
import dev.serai.wire.RecordHeader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The files that are to be looked at, and what goes with them. For one call. */
final class FileCheckOptions {
    private static final Path MAPPINGS = Path.of("config", "mappings");
    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..*",
            description = "Files and folders to look at, in place of all else.")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--mapping",
            paramLabel = "NAME|FILE",
            description =
                    "With FILE: the mapping of raw records, one that Serai comes with by its name (such as twilio), or a file.")
    private @Nullable String mapping;

    @Option(
            names = "--intake",
            paramLabel = "NAME",
            description =
                    "With FILE: run mappings with the settings of this intake (its mapping where none is given, its table,"
                            + " country, key file, character, tenant and time to live).")
    private @Nullable String intake;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description =
                    "With FILE: the key of the record that an event or a raw record is; one that is not UTF-8 as 0x and hexadecimal digits.")
    private @Nullable String key;

    @Option(
            names = "--header",
            paramLabel = "NAME=VALUE",
            description = "With FILE: a header of that record, its value as text. Repeatable.")
    private List<String> headers = new ArrayList<>();

    @Option(
            names = "--write-expected",
            description =
                    "With FILE: where a *.sample.json has no *.expected.json beside it, write what the mapping makes of it; look at"
                            + " it before you keep it.")
    private boolean writesExpected;

    List<Path> files() {
        return files;
    }

    /** @throws ParameterException if there is something for files, and no file */
    void checkUnused() {
        if (mapping != null || intake != null || key != null || !headers.isEmpty() || writesExpected) {
            throw usage("--mapping, --intake, --key, --header and --write-expected go with a FILE");
        }
    }

    /** @throws ParameterException if there is no such intake or mapping, or a header is none */
    @SuppressWarnings("NullAway") // it does not see the annotations of a record's arrays, which may be null
    Given given(SeraiSettings settings) {
        List<RecordHeader> all = new ArrayList<>();
        for (String header : headers) {
            try {
                all.add(WrittenHeader.of(header));
            } catch (IllegalArgumentException e) {
                throw usage(String.valueOf(e.getMessage()));
            }
        }
        MappedIntake of = intake == null ? null : intake(settings, intake);
        Function<LookUp, MappingContext> context = of == null
                ? rows -> new MappingContext(rows, null, null, defaults(settings))
                : rows -> IntakeContext.of(of, rows);
        return new Given(
                intake,
                mapping != null ? mapping(mapping) : of == null || givesMapping() ? null : of.mapping(),
                of == null ? null : of.table(),
                of == null ? null : of.country(),
                context,
                settings.tenantNames(),
                key == null ? null : ConversationKey.bytes(key),
                all,
                writesExpected);
    }

    private static MappingDefaults defaults(SeraiSettings settings) {
        SeraiSettings.Conversation conversation = settings.conversation();
        return new MappingDefaults(conversation.defaultCharacterId(), null, conversation.ttl());
    }

    /** A file among those that are given wins over the intake's. */
    private boolean givesMapping() {
        return files.stream().anyMatch(file -> file.toString().endsWith(".jsonata"));
    }

    private MappedIntake intake(SeraiSettings settings, String name) {
        MappedIntake found = settings.intake().get(name);
        if (found == null) {
            throw usage("--intake: there are no settings serai.intake." + Printable.line(name) + ".*"
                    + (settings.intake().isEmpty()
                            ? ", nor of any other intake: --config names the settings file that has them"
                            : "; there are those of "
                                    + String.join(", ", settings.intake().keySet())));
        }
        return found;
    }

    private Path mapping(String named) {
        if (!NAME.matcher(named).matches()) {
            return Path.of(named);
        }
        Path shipped = Home.OF_PROCESS.resolve(MAPPINGS).resolve(named + ".jsonata");
        if (!Files.exists(shipped)) {
            throw usage("--mapping: there is no mapping " + named + " in " + MAPPINGS
                    + "; a file of your own is named with its" + " ending, such as " + named + ".jsonata");
        }
        return shipped;
    }

    private ParameterException usage(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }
}
