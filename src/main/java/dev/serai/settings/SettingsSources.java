package dev.serai.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the sources say, before it is understood: for each setting the text of the strongest source that names it. The
 * strongest is to be read first.
 */
final class SettingsSources {
    /** A setting's text as it was found; neither empty nor surrounded by blanks. */
    record Given(Setting<?> setting, String text, Origin origin) {}

    /** Of the options --log-level and --log-format. */
    private static final Set<String> OF_THE_COMMAND_LINE = Set.of("SERAI_LOG_LEVEL", "SERAI_LOG_FORMAT");

    /** What Kubernetes puts into every pod for each Service whose name is or begins with "serai". */
    private static final Pattern OF_KUBERNETES = Pattern.compile("SERAI(_[A-Z0-9_]+)?_"
            + "(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

    private static final Pattern KUBERNETES_PORT = Pattern.compile("(tcp|udp|sctp)://.*");

    private final Map<String, Given> given = new LinkedHashMap<>();
    private final Map<SettingFamily, NavigableSet<String>> names = new HashMap<>();
    private final Map<String, String> others = new LinkedHashMap<>();
    private final List<String> overridden = new ArrayList<>();
    private final List<String> problems;
    private final List<String> warnings;

    SettingsSources(List<String> problems, List<String> warnings) {
        this.problems = problems;
        this.warnings = warnings;
    }

    @Nullable
    Given find(Setting<?> setting) {
        return given.get(setting.key());
    }

    /** The names of the family's members of which a setting was found, sorted. */
    NavigableSet<String> names(SettingFamily family) {
        return names.getOrDefault(family, Collections.emptyNavigableSet());
    }

    /** Properties that are not Serai's, as they were written. */
    Map<String, String> others() {
        return others;
    }

    void readCommandLine(Map<String, String> properties) {
        readProperties(properties, Origin.COMMAND_LINE);
    }

    void readFile(Path file) {
        Origin origin = Origin.file(file.toString());
        Map<String, String> properties = PropertiesFile.read(file, problems);
        properties.forEach((key, value) -> noteOverridden(key, value.strip(), origin));
        readProperties(properties, origin);
    }

    /** Values are not told: one of a file that has to be understood yet may hold anything. */
    private void noteOverridden(String key, String text, Origin file) {
        Given stronger = given.get(key);
        if (stronger != null
                && stronger.origin().kind() == Origin.Kind.ENVIRONMENT
                && !text.isEmpty()
                && !stronger.text().equals(text)) {
            String variable = stronger.origin().name();
            overridden.add(key + " has another value " + stronger.origin().phrase() + " than " + file.phrase()
                    + ", and that of the environment wins: unset " + variable + " unless that is meant");
        }
    }

    /** What the file says and the environment overrides, one line each. */
    List<String> overridden() {
        return overridden;
    }

    private void readProperties(Map<String, String> properties, Origin origin) {
        properties.forEach((key, value) -> {
            if (key.startsWith(KnownSettings.PREFIX)) {
                readProperty(key, value.strip(), origin);
            } else if (KnownSettings.findByEnvironmentName(key).isPresent()) {
                problems.add(key + " is an environment variable and has no effect " + origin.phrase()
                        + ": set it in the environment, or see config/README.md for its key");
            } else {
                others.putIfAbsent(key, value);
            }
        });
    }

    private void readProperty(String key, String text, Origin origin) {
        Optional<Setting<?>> setting = KnownSettings.find(key);
        if (setting.isEmpty()) {
            problems.add(KnownSettings.families().stream()
                    .flatMap(family -> family.problemOfName(key, origin).stream())
                    .findFirst()
                    .orElseGet(() -> unknown(
                            "setting " + key + " " + origin.phrase(), Suggestions.nearest(key, keysLike(key)))));
        } else if (setting.get().environmentOnly()) {
            if (!text.isEmpty()) {
                String variable = setting.get().environmentName();
                String file = variable + "_FILE";
                problems.add(
                        key + " must not be set " + origin.phrase() + ", where others can read it: set the environment"
                                + " variable " + variable
                                + (KnownSettings.findByEnvironmentName(file).isPresent()
                                        ? ", or " + file + " to a file that holds it"
                                        : ""));
            }
        } else {
            take(setting.get(), text, origin);
        }
    }

    void readEnvironment(Map<String, String> environment) {
        for (Setting<?> setting : KnownSettings.all()) {
            List<String> names = setting.environmentNames();
            for (String name : names) {
                readVariable(setting, name, environment.getOrDefault(name, "").strip());
            }
        }
        new TreeMap<>(environment).forEach((name, value) -> {
            readFamilyVariable(name, value.strip());
            readUnknownVariable(name, value);
        });
    }

    private void readFamilyVariable(String name, String text) {
        if (text.isEmpty()) {
            return;
        }
        for (SettingFamily family : KnownSettings.families()) {
            family.problemOfNameInVariable(name).ifPresent(problems::add);
            family.findByEnvironmentName(name).ifPresent(setting -> take(setting, text, Origin.environment(name)));
        }
    }

    private void readVariable(Setting<?> setting, String name, String text) {
        if (name.endsWith("_PORT") && KUBERNETES_PORT.matcher(text).matches()) {
            warnings.add("ignored environment variable " + name + ": its value " + Quoted.of(text)
                    + " looks like Kubernetes'"
                    + " for a Service of that name: set enableServiceLinks: false in the pod, or rename the Service");
            return;
        }
        Given stronger = given.get(setting.key());
        if (stronger != null
                && stronger.origin().kind() == Origin.Kind.ENVIRONMENT
                && !text.isEmpty()
                && !stronger.text().equals(text)) {
            warnings.add("ignored environment variable " + name + ": "
                    + stronger.origin().name() + " is set too, to another value, and wins: unset one of them");
        }
        take(setting, text, Origin.environment(name));
    }

    private void readUnknownVariable(String name, String value) {
        if (!name.startsWith(KnownSettings.ENVIRONMENT_PREFIX)
                || KnownSettings.findByEnvironmentName(name).isPresent()
                || isReported(name)
                || OF_THE_COMMAND_LINE.contains(name)
                || OF_KUBERNETES.matcher(name).matches()
                || (name.endsWith("_PORT") && KUBERNETES_PORT.matcher(value).matches())) {
            return;
        }
        warnings.add(unknown("environment variable " + name, Suggestions.nearest(name, variablesLike(name))));
    }

    private static boolean isReported(String variable) {
        return KnownSettings.families().stream()
                .anyMatch(family -> family.problemOfNameInVariable(variable).isPresent());
    }

    private void take(Setting<?> setting, String text, Origin origin) {
        if (!text.isEmpty()) {
            given.putIfAbsent(setting.key(), new Given(setting, text, origin));
            for (SettingFamily family : KnownSettings.families()) {
                family.nameIn(setting.key()).ifPresent(name -> names.computeIfAbsent(family, any -> new TreeSet<>())
                        .add(name));
            }
        }
    }

    private static String unknown(String what, Optional<String> suggestion) {
        return "unknown " + what + ": "
                + suggestion.map(name -> "did you mean " + name + "?").orElse("config/README.md lists all settings");
    }

    private static List<String> keysLike(String unknown) {
        return candidates(unknown).map(Setting::key).toList();
    }

    private static List<String> variablesLike(String unknown) {
        return candidates(unknown)
                .flatMap(setting -> setting.environmentNames().stream())
                .toList();
    }

    private static Stream<Setting<?>> candidates(String unknown) {
        return Stream.concat(
                KnownSettings.all().stream(),
                KnownSettings.families().stream().flatMap(family -> family.meantBy(unknown).stream()));
    }
}
