package dev.serai.settings;

import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * How the values of a setting are read, checked and written.
 *
 * @param name what a reader calls such a value, for example {@code duration}
 * @param bounds what is allowed, in words; empty: whatever the name says
 * @param parser reads a text that is neither empty nor surrounded by blanks
 * @param text writes a value so that the parser reads it back, or as a mask when it is secret
 * @param placeholder writes a value for Camel's placeholders: durations in milliseconds, sizes in bytes
 * @param secret whether values must not be shown anywhere
 * @param path whether a text is a path, which can be relative
 */
record SettingType<T>(
        String name,
        String bounds,
        Parser<T> parser,
        Function<T, String> text,
        Function<T, String> placeholder,
        boolean secret,
        Predicate<String> path) {

    @FunctionalInterface
    interface Parser<T> {
        T parse(String text) throws BadValueException;
    }

    static <T> SettingType<T> of(String name, String bounds, Parser<T> parser) {
        return new SettingType<>(name, bounds, parser, Objects::toString, Objects::toString, false, text -> false);
    }

    SettingType<T> ofPaths() {
        return ofPaths(value -> true);
    }

    /** @param which texts are paths; the others are words that stand for one */
    SettingType<T> ofPaths(Predicate<String> which) {
        return new SettingType<>(name, bounds, parser, text, placeholder, secret, which);
    }

    boolean isPath(String value) {
        return path.test(value);
    }

    SettingType<T> writtenAs(Function<T, String> text) {
        return new SettingType<>(name, bounds, parser, text, text, secret, path);
    }

    SettingType<T> inPlaceholders(Function<T, String> placeholder) {
        return new SettingType<>(name, bounds, parser, text, placeholder, secret, path);
    }

    SettingType<T> hidden() {
        return new SettingType<>(name, bounds, parser, value -> Secret.MASK, value -> "", true, path);
    }
}
