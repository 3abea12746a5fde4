package dev.serai.cli;

import dev.serai.settings.Home;
import dev.serai.settings.InvalidSettingsException;
import dev.serai.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that say where settings come from, for every command that has settings. */
final class SettingsOptions {
    private static final Logger log = LoggerFactory.getLogger(SettingsOptions.class);

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "Settings file (default: config/application.properties in Serai's own folder, if it is"
                            + " there). Paths in a file of your own are relative to where the command is typed, as in all settings.")
    private @Nullable Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description =
                    "One setting, such as --set serai.http.port=9090; wins over environment and file. Repeatable.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    /**
     * What was given that is no setting, for commands that set fields of events with the same option; it is then no more
     * taken for one.
     */
    Map<String, String> takeFields() {
        Map<String, String> fields = new LinkedHashMap<>();
        overrides.forEach((key, value) -> {
            if (!key.startsWith("serai.")) {
                fields.put(key, value);
            }
        });
        overrides.keySet().removeAll(fields.keySet());
        return fields;
    }

    /** A setting of the command's own, unless another value was given. */
    void setUnlessGiven(String key, String value) {
        overrides.putIfAbsent(key, value);
    }

    /** The keys that were given on the command line. */
    Set<String> given() {
        return Collections.unmodifiableSet(overrides.keySet());
    }

    /** Loads the settings of a command that looks at something, whose output they would bury. */
    Settings load() throws InvalidSettingsException {
        return load(Settings::load);
    }

    /** The same for the service itself, which needs somebody who answers; says what differs from the defaults. */
    Settings loadForService() throws InvalidSettingsException {
        Settings settings = load(Settings::loadForService);
        if (!settings.changed().isEmpty()) {
            log.info("settings: {}", String.join(", ", settings.changed()));
        }
        return settings;
    }

    private interface Loading {
        Settings load(Map<String, String> environment, Path file, Map<String, String> commandLine)
                throws InvalidSettingsException;
    }

    /** As {@link #loadForService}, and logs nothing: for who says it in another way. */
    Settings readForService() throws InvalidSettingsException {
        return read(Settings::loadForService);
    }

    /** What looks like a mistake in settings that were read by this, one line each. */
    List<String> warnings(Settings settings) {
        return file == null
                ? settings.warnings()
                : Stream.concat(settings.warnings().stream(), settings.overriddenInFile().stream())
                        .toList();
    }

    private Settings read(Loading loading) throws InvalidSettingsException {
        if (file != null && !Files.isReadable(file)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--config: there is no readable file " + file
                            + (file.isAbsolute() ? "" : ", which is " + file.toAbsolutePath()));
        }
        return loading.load(System.getenv(), file == null ? Home.OF_PROCESS.settingsFile() : file, overrides);
    }

    private Settings load(Loading loading) throws InvalidSettingsException {
        Settings settings = read(loading);
        warnings(settings).forEach(log::warn);
        settings.effective().forEach(log::debug);
        return settings;
    }
}
