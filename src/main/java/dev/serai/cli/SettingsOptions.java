package dev.serai.cli;

import dev.serai.config.InvalidSettingsException;
import dev.serai.config.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
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
    private static final Path DEFAULT_FILE = Path.of("config", "application.properties");

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings file (default: config/application.properties, if it is there).")
    private @Nullable Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description =
                    "One setting, such as --set serai.http.port=9090; wins over environment and file. Repeatable.")
    private Map<String, String> overrides = new LinkedHashMap<>();

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

    private Settings load(Loading loading) throws InvalidSettingsException {
        if (file != null && !Files.isReadable(file)) {
            throw new ParameterException(spec.commandLine(), "--config: there is no readable file " + file);
        }
        Settings settings = loading.load(System.getenv(), file == null ? DEFAULT_FILE : file, overrides);
        settings.warnings().forEach(log::warn);
        settings.effective().forEach(log::debug);
        return settings;
    }
}
