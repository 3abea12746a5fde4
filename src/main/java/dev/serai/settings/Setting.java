package dev.serai.settings;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One setting, as a component of a record declares it.
 *
 * @param group what its key begins with, up to the last dot; in a family from behind the member's name on
 * @param name the last part of its key
 * @param text what it means, for the reference
 * @param needed whether it has no value of its own and may not do without
 * @param mayBeInAFile whether the setting for a file that holds it, a secret, may be set in its place
 * @param ofType of which type of members it is, in a family that has types; empty: of all
 */
record Setting<T>(
        String group,
        String name,
        SettingType<T> type,
        Key declared,
        String text,
        boolean needed,
        boolean mayBeInAFile,
        String ofType) {
    /** Its name in files and on the command line; public API. */
    String key() {
        return group + name;
    }

    /** The key of another setting of its group. */
    String besides(String other) {
        return group + other;
    }

    /** The key of the file that may be set in its place, if one may. */
    String fileKey() {
        return key() + "-file";
    }

    /** The same setting of a member of a family. */
    Setting<T> of(String member) {
        return new Setting<>(member + group, name, type, declared, text, needed, mayBeInAFile, ofType);
    }

    /** Whether files and the command line, which others can read, must not hold it. */
    boolean environmentOnly() {
        return type.secret();
    }

    /** The default for members of a type, where it depends on that; empty: none. */
    String defaultFor(String memberType) {
        return Arrays.stream(declared.orByType())
                .filter(text -> List.of(text.split("[ ,]+")).contains(memberType))
                .map(text -> text.substring(0, text.indexOf(' ')))
                .findFirst()
                .orElse("");
    }

    /** Names of the environment variables that set it, the strongest first. */
    List<String> environmentNames() {
        String natural = key().toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
        return Stream.of(natural, declared.alias())
                .filter(variable -> !variable.isEmpty())
                .toList();
    }

    /** The name to recommend: the alias, which other programs know too, if there is one. */
    String environmentName() {
        return environmentNames().getLast();
    }
}
