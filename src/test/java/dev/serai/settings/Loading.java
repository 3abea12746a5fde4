package dev.serai.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Short ways to load settings from one source. */
final class Loading {
    private Loading() {}

    static Settings defaults() {
        return fromCommandLine(Map.of());
    }

    static Settings fromCommandLine(Map<String, String> properties) {
        return load(Map.of(), null, properties);
    }

    static Settings fromEnvironment(Map<String, String> environment) {
        return load(environment, null, Map.of());
    }

    static Settings fromFile(Path file, String... lines) {
        return load(Map.of(), write(file, lines), Map.of());
    }

    static Settings fromFileAsItIs(Path file) {
        return load(Map.of(), file, Map.of());
    }

    static Settings load(Map<String, String> environment, @Nullable Path file, Map<String, String> commandLine) {
        try {
            return Settings.load(environment, file, commandLine);
        } catch (InvalidSettingsException e) {
            throw new AssertionError(e);
        }
    }

    static List<String> problemsOfCommandLine(Map<String, String> properties) {
        return problems(Map.of(), null, properties);
    }

    static List<String> problemsOfEnvironment(Map<String, String> environment) {
        return problems(environment, null, Map.of());
    }

    static List<String> problemsOfFile(Path file, String... lines) {
        return problems(Map.of(), write(file, lines), Map.of());
    }

    /** None when the settings are good. */
    static List<String> problems(
            Map<String, String> environment, @Nullable Path file, Map<String, String> commandLine) {
        try {
            Settings.load(environment, file, commandLine);
            return List.of();
        } catch (InvalidSettingsException e) {
            return e.problems();
        }
    }

    static Path write(Path file, String... lines) {
        try {
            return Files.writeString(file, String.join("\n", lines) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
