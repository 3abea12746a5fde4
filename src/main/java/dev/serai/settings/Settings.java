package dev.serai.settings;

import dev.serai.settings.ResolvedSettings.Resolved;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one start of Serai, checked as a whole. Strongest first, a value comes from the command line, the
 * environment, the properties file or the default; an empty value counts as not set, and the next source is asked.
 *
 * <p>Immutable, safe for use by several threads. No method but {@link Secret#reveal()} gives a secret away.
 */
public final class Settings {
    private final ResolvedSettings resolved;
    private final SeraiSettings values;
    private final Map<String, String> others;
    private final List<String> warnings;
    private final List<String> overridden;

    private Settings(
            ResolvedSettings resolved, Map<String, String> others, List<String> warnings, List<String> overridden) {
        this.resolved = resolved;
        this.values = KnownSettings.RECORD.bind("", resolved);
        this.others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
        this.warnings = List.copyOf(warnings);
        this.overridden = List.copyOf(overridden);
    }

    /**
     * Reads and checks all settings, the files with API keys among them; {@link SecretFile} reads those again.
     *
     * @param environment usually {@link System#getenv()}
     * @param file properties in UTF-8; null or missing: nothing is read
     * @param commandLine properties by key, without leading dashes
     * @throws InvalidSettingsException with every mistake that there is, not only the first
     */
    public static Settings load(Map<String, String> environment, @Nullable Path file, Map<String, String> commandLine)
            throws InvalidSettingsException {
        return load(environment, file, commandLine, false);
    }

    /**
     * The same for who answers events: on a Kafka that is named an API key must be set, or the stand-in be asked for.
     *
     * @throws InvalidSettingsException with every mistake that there is, not only the first
     */
    public static Settings loadForService(
            Map<String, String> environment, @Nullable Path file, Map<String, String> commandLine)
            throws InvalidSettingsException {
        return load(environment, file, commandLine, true);
    }

    private static Settings load(
            Map<String, String> environment, @Nullable Path file, Map<String, String> commandLine, boolean forService)
            throws InvalidSettingsException {
        List<String> problems = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        var sources = new SettingsSources(problems, warnings);
        sources.readCommandLine(commandLine);
        sources.readEnvironment(environment);
        if (file != null) {
            sources.readFile(file);
        }
        ResolvedSettings resolved = Resolution.of(sources, problems);
        SettingRules rules = new SettingRules(resolved, problems, warnings);
        rules.check();
        if (forService) {
            rules.checkProvider();
        }
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems, warnings);
        }
        return new Settings(resolved, sources.others(), warnings, sources.overridden());
    }

    /** The variable of the environment that holds a tenant's API key. */
    public static String apiKeyVariable(String tenant) {
        return KnownSettings.find("serai.tenants." + tenant + ".api-key")
                .or(() -> KnownSettings.find("serai.connect.api-key"))
                .orElseThrow()
                .environmentName();
    }

    /** The values, within their bounds. */
    public SeraiSettings values() {
        return values;
    }

    /** What looks like a mistake but does not stop Serai, one line each, to be logged at level warn. */
    public List<String> warnings() {
        return warnings;
    }

    /**
     * What the file says and the environment overrides with another value, one line each with both places. A mistake where
     * somebody chose that file; where it is the usual one, what the environment is for.
     */
    public List<String> overriddenInFile() {
        return overridden;
    }

    /** Properties that do not begin with {@code serai.}: Camel's and the user's own. They may hold secrets. */
    public Map<String, String> otherProperties() {
        return others;
    }

    /**
     * The properties behind Camel's <code>{{serai.…}}</code> placeholders: every setting that is not secret, durations in
     * milliseconds, sizes in bytes, lists joined by commas, an empty text for what is not set; and
     * {@link #otherProperties()}.
     */
    public Map<String, String> camelProperties() {
        Map<String, String> properties = new LinkedHashMap<>(others);
        for (Resolved<?> setting : resolved.all()) {
            if (!setting.setting().type().secret()) {
                properties.put(setting.setting().key(), setting.placeholder());
            }
        }
        return Collections.unmodifiableMap(properties);
    }

    /** Every setting with its value and origin, one line each, secrets masked. */
    public List<String> effective() {
        return resolved.all().stream().map(Resolved::line).toList();
    }

    /** The lines of {@link #effective()} whose value does not come from the default. */
    public List<String> changed() {
        return resolved.all().stream()
                .filter(setting -> !setting.isDefault())
                .map(Resolved::line)
                .toList();
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
