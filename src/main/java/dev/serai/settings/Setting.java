package dev.serai.settings;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The definition of one setting.
 *
 * @param key its name in files and on the command line, {@code serai.group.name}; public API
 * @param byDefault its value when no source names the setting
 * @param aliases names of environment variables besides the one made from the key
 * @param environmentOnly whether files and the command line, which others can read, must not hold it
 */
record Setting<T>(
        String key,
        SettingType<T> type,
        Default<T> byDefault,
        String description,
        List<String> aliases,
        boolean environmentOnly) {

    sealed interface Default<T> {
        /** No value. */
        record None<T>() implements Default<T> {}

        /** What is parsed. */
        record Text<T>(String text) implements Default<T> {}

        /** The value of another setting. */
        record SameAs<T>(Setting<T> other) implements Default<T> {}

        /**
         * What other settings decide.
         *
         * @param words for the reference
         * @param text what is parsed; none: then it has no value
         */
        record Dependent<T>(String words, Function<ResolvedSettings, Optional<String>> text) implements Default<T> {}
    }

    static <T> Setting<T> of(String key, SettingType<T> type, String description) {
        return new Setting<>(key, type, new Default.None<>(), description, List.of(), false);
    }

    Setting<T> orElse(String defaultText) {
        return byDefault(new Default.Text<>(defaultText));
    }

    Setting<T> orElseAs(Setting<T> other) {
        return byDefault(new Default.SameAs<>(other));
    }

    /** The settings that it depends on must come before it. */
    Setting<T> orElseDependingOn(String words, Function<ResolvedSettings, Optional<String>> text) {
        return byDefault(new Default.Dependent<>(words, text));
    }

    private Setting<T> byDefault(Default<T> other) {
        return new Setting<>(key, type, other, description, aliases, environmentOnly);
    }

    Setting<T> alias(String alias) {
        return new Setting<>(key, type, byDefault, description, List.of(alias), environmentOnly);
    }

    Setting<T> fromEnvironmentOnly() {
        return new Setting<>(key, type, byDefault, description, aliases, true);
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
