package dev.serai.config;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The definition of one setting.
 *
 * @param key its name in files and on the command line, {@code serai.group.name}; public API
 * @param defaultText what is parsed when no source names the setting; null: then it has no value of its own
 * @param defaultOf the setting whose value it takes when no source names it; null: none
 * @param aliases names of environment variables besides the one made from the key
 * @param environmentOnly whether files and the command line, which others can read, must not hold it
 */
record Setting<T>(
        String key,
        SettingType<T> type,
        @Nullable String defaultText,
        @Nullable Setting<T> defaultOf,
        String description,
        List<String> aliases,
        boolean environmentOnly) {

    static <T> Setting<T> of(String key, SettingType<T> type, String description) {
        return new Setting<>(key, type, null, null, description, List.of(), false);
    }

    Setting<T> orElse(String defaultText) {
        return new Setting<>(key, type, defaultText, null, description, aliases, environmentOnly);
    }

    Setting<T> orElseAs(Setting<T> other) {
        return new Setting<>(key, type, null, other, description, aliases, environmentOnly);
    }

    Setting<T> alias(String alias) {
        return new Setting<>(key, type, defaultText, defaultOf, description, List.of(alias), environmentOnly);
    }

    Setting<T> fromEnvironmentOnly() {
        return new Setting<>(key, type, defaultText, defaultOf, description, aliases, true);
    }

    /** Names of the environment variables that set it, the strongest first. */
    List<String> environmentNames() {
        String natural = key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
        return Stream.concat(Stream.of(natural), aliases.stream()).toList();
    }

    /** The name to recommend: the alias, which other programs know too, if there is one. */
    String environmentName() {
        return environmentNames().getLast();
    }
}
