package dev.serai.settings;

import dev.serai.settings.ResolvedSettings.Resolved;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one group, or of one member of a family, by the last parts of their keys: what rules look at and what
 * their messages say.
 *
 * @param prefix what their keys begin with, ending with a dot
 */
record SettingsGroup(String prefix, ResolvedSettings settings) {
    /** @throws IllegalArgumentException if no component declares it, as everywhere here */
    String key(String name) {
        return setting(name).key();
    }

    /** Whether a source names it, whether or not with a good value. */
    boolean isSet(String name) {
        return settings.isSet(prefix + name);
    }

    /** Null: no source names it and it has no default, or its text was rejected. */
    <T> @Nullable T find(String name, Class<T> type) {
        Object value = settings.value(prefix + name);
        return value == null ? null : type.cast(value);
    }

    /** Of a list; none if it has no value. */
    List<String> items(String name) {
        List<?> items = find(name, List.class);
        return items == null ? List.of() : items.stream().map(String::valueOf).toList();
    }

    /** As it is written; empty if there is no value. */
    String text(String name) {
        return settings.get(prefix + name).text();
    }

    Origin origin(String name) {
        return settings.get(prefix + name).origin();
    }

    /** Its key and its origin. */
    String named(String name) {
        return key(name) + " (" + origin(name) + ")";
    }

    /** Its value and its origin; masked when it is secret. */
    String quoted(String name) {
        return Quoted.of(text(name)) + " (" + origin(name) + ")";
    }

    Setting<?> setting(String name) {
        return settings.get(prefix + name).setting();
    }

    /** In the order of the reference. */
    List<Setting<?>> all() {
        return settings.all().stream()
                .<Setting<?>>map(Resolved::setting)
                .filter(setting -> setting.group().equals(prefix))
                .toList();
    }

    /** The keys and origins of those that a source names. */
    String whatIsSet() {
        return all().stream()
                .map(Setting::name)
                .filter(this::isSet)
                .map(this::named)
                .collect(Collectors.joining(", "));
    }

    /** The name of the family's member, if these are the settings of one. */
    String member() {
        return prefix.substring(prefix.lastIndexOf('.', prefix.length() - 2) + 1, prefix.length() - 1);
    }

    /** The variable of the environment to recommend. */
    String variable(String name) {
        return setting(name).environmentName();
    }
}
