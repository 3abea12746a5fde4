package dev.serai.settings;

import dev.serai.settings.RecordBinder.Section;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Every setting that Serai has: those that the records declare. Those of families are looked up with the two {@code find}
 * methods only, which make them for the key that they are asked for.
 */
final class KnownSettings {
    static final String PREFIX = "serai.";
    static final String ENVIRONMENT_PREFIX = "SERAI_";

    static final RecordBinder<SeraiSettings> RECORD = RecordBinder.of(SeraiSettings.class, PREFIX);

    private static final Map<String, Setting<?>> BY_KEY = new LinkedHashMap<>();
    private static final Map<String, Setting<?>> BY_VARIABLE = new LinkedHashMap<>();

    static {
        RECORD.settings().forEach(setting -> {
            BY_KEY.put(setting.key(), setting);
            setting.environmentNames().forEach(variable -> BY_VARIABLE.put(variable, setting));
        });
    }

    private KnownSettings() {}

    /** In the order of the reference. */
    static List<SettingFamily> families() {
        return RECORD.families();
    }

    /** As the reference shows them: the families come last. */
    static Stream<Section> sections() {
        return Stream.concat(RECORD.sections().stream(), families().stream().map(KnownSettings::section));
    }

    private static Section section(SettingFamily family) {
        String plural = family.plural();
        return new Section(plural.substring(0, 1).toUpperCase(Locale.ROOT) + plural.substring(1), family.ofAny());
    }

    /** All settings with a key of their own, in the order of the reference. */
    static List<Setting<?>> all() {
        return List.copyOf(BY_KEY.values());
    }

    static Optional<Setting<?>> find(String key) {
        return Optional.<Setting<?>>ofNullable(BY_KEY.get(key)).or(() -> families().stream()
                .flatMap(family -> family.find(key).stream())
                .findFirst());
    }

    static Optional<Setting<?>> findByEnvironmentName(String name) {
        return Optional.<Setting<?>>ofNullable(BY_VARIABLE.get(name)).or(() -> families().stream()
                .flatMap(family -> family.findByEnvironmentName(name).stream())
                .findFirst());
    }
}
