package dev.serai.settings;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Each setting with its value and the origin of that value, in the order of the catalogue; then those of the families. */
final class ResolvedSettings {
    /** @param value null: no source names the setting and it has no default, or its text was rejected */
    record Resolved<T>(Setting<T> setting, @Nullable T value, Origin origin) {
        boolean isDefault() {
            return origin.kind() == Origin.Kind.DEFAULT;
        }

        String placeholder() {
            return value == null ? "" : setting.type().placeholder().apply(value);
        }

        /** For listings: key, value (masked when it is secret) and origin. */
        String line() {
            String text =
                    value == null ? " (not set)" : " = " + setting.type().text().apply(value);
            return setting.key() + text + (value == null ? "" : " (" + origin + ")");
        }
    }

    private final Map<String, Resolved<?>> byKey = new LinkedHashMap<>();

    private final Map<SettingFamily<?>, List<String>> names = new HashMap<>();

    void addMember(SettingFamily<?> family, String name) {
        names.computeIfAbsent(family, any -> new ArrayList<>()).add(name);
    }

    /** Those that a source names. */
    <M extends SettingFamily.Member> List<M> members(SettingFamily<M> family) {
        return names.getOrDefault(family, List.of()).stream().map(family::of).toList();
    }

    void add(Resolved<?> resolved) {
        byKey.put(resolved.setting().key(), resolved);
    }

    Collection<Resolved<?>> all() {
        return Collections.unmodifiableCollection(byKey.values());
    }

    <T> @Nullable T find(Setting<T> setting) {
        return resolved(setting).value();
    }

    /** The value of a setting that has a default, of its own or of another. */
    <T> T get(Setting<T> setting) {
        T value = find(setting);
        if (value == null) {
            throw new IllegalStateException(setting.key() + " has no value");
        }
        return value;
    }

    /** Whether a source names it, whether or not with a good value. */
    boolean isSet(Setting<?> setting) {
        return !resolved(setting).isDefault();
    }

    Origin origin(Setting<?> setting) {
        return resolved(setting).origin();
    }

    /** A value and its origin, for messages; masked when it is secret. */
    <T> String quoted(Setting<T> setting) {
        return Quoted.of(setting.type().text().apply(get(setting))) + " (" + origin(setting) + ")";
    }

    @SuppressWarnings("unchecked") // add() files each value under the key of its own setting
    private <T> Resolved<T> resolved(Setting<T> setting) {
        Resolved<?> resolved = byKey.get(setting.key());
        if (resolved == null) {
            throw new IllegalStateException(setting.key() + " is not in the catalogue");
        }
        return (Resolved<T>) resolved;
    }
}
