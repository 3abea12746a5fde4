package dev.serai.settings;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Each setting with its value and the origin of that value, in the order of the reference; then those of the families. */
final class ResolvedSettings {
    /** @param value null: no source names the setting and it has no default, or its text was rejected */
    record Resolved<T>(Setting<T> setting, @Nullable T value, Origin origin) {
        boolean isDefault() {
            return origin.kind() == Origin.Kind.DEFAULT;
        }

        String placeholder() {
            return value == null ? "" : setting.type().placeholder().apply(value);
        }

        /** As it is written, masked when it is secret; empty if there is no value. */
        String text() {
            return value == null ? "" : setting.type().text().apply(value);
        }

        /** For listings: key, value (masked when it is secret) and origin. */
        String line() {
            return setting.key() + (value == null ? " (not set)" : " = " + text() + " (" + origin + ")");
        }
    }

    private final Map<String, Resolved<?>> byKey = new LinkedHashMap<>();

    private final Map<SettingFamily, List<String>> names = new HashMap<>();

    void addMember(SettingFamily family, String name) {
        names.computeIfAbsent(family, any -> new ArrayList<>()).add(name);
    }

    /** The names of those that a source names. */
    List<String> members(SettingFamily family) {
        return names.getOrDefault(family, List.of());
    }

    void add(Resolved<?> resolved) {
        byKey.put(resolved.setting().key(), resolved);
    }

    Collection<Resolved<?>> all() {
        return Collections.unmodifiableCollection(byKey.values());
    }

    Resolved<?> get(String key) {
        Resolved<?> resolved = byKey.get(key);
        if (resolved == null) {
            throw new IllegalArgumentException(key + " is not declared");
        }
        return resolved;
    }

    @Nullable
    Object value(String key) {
        return get(key).value();
    }

    /** Whether a source names it, whether or not with a good value. */
    boolean isSet(String key) {
        return !get(key).isDefault();
    }

    /** For rules: the settings whose keys begin so. */
    SettingsGroup group(String prefix) {
        return new SettingsGroup(prefix, this);
    }

    /** For rules: the members of a family, by what its members are called. */
    List<SettingsGroup> members(String plural) {
        return names.entrySet().stream()
                .filter(family -> family.getKey().plural().equals(plural))
                .flatMap(family -> family.getValue().stream()
                        .map(name -> group(family.getKey().prefix(name))))
                .toList();
    }
}
