package dev.serai.settings;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Settings that there are once for each name that is given: the keys {@code serai.tenants.NAME.*}, for example. A member
 * of the family comes into being when a source names one of its keys.
 *
 * <p>A name is lower case and has no underscore, so that each variable of the environment stands for one key only:
 * {@code SERAI_TENANTS_NORTH_WEST_RATE} is {@code serai.tenants.north-west.rate}. No key's last part ends with a dash
 * and another's last part, or else a variable could be read in two ways.
 *
 * <p>Immutable, safe for use by several threads.
 */
final class SettingFamily {
    /** In place of a name, where any is meant. */
    private static final String ANY = "NAME";

    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final int LONGEST_NAME = 63;

    private final String plural;
    private final String member;
    private final Key.@Nullable Refused refused;
    private final List<Setting<?>> ofEach;
    private final String prefix;
    private final String environmentPrefix;
    private final Pattern meant;

    /**
     * @param group what the keys of all its members begin with, before the plural
     * @param plural what its members are called, for example {@code tenants}; one is called that without its last
     *     {@code s}, and where there is none, as in {@code intake}, like all of them
     * @param refused a name that no member may have; null: any may
     * @param ofEach the settings of one member, in the order of the reference; their groups begin behind its name
     */
    SettingFamily(String group, String plural, Key.@Nullable Refused refused, List<Setting<?>> ofEach) {
        this.plural = plural;
        this.member = plural.replaceFirst("s$", "");
        this.refused = refused;
        this.ofEach = List.copyOf(ofEach);
        ofEach.stream().filter(setting -> !setting.group().isEmpty()).forEach(setting -> {
            throw new IllegalArgumentException("has a group " + setting.group() + ", in which no name is found again");
        });
        this.prefix = group + plural + ".";
        this.environmentPrefix = prefix.toUpperCase(Locale.ROOT).replace('.', '_');
        this.meant = Pattern.compile(group.replace(".", "[._]") + member + ".*", Pattern.CASE_INSENSITIVE);
    }

    /** Such as {@code tenants}. */
    String plural() {
        return plural;
    }

    /** Such as {@code tenant}. */
    String member() {
        return member;
    }

    /** Whether its members have a setting {@code type}, and others by that. */
    boolean hasTypes() {
        return ofEach.stream().anyMatch(setting -> !setting.ofType().isEmpty());
    }

    /** What all keys of a member begin with. */
    String prefix(String name) {
        return prefix + name + ".";
    }

    /** The settings of one member, in the order of the reference. */
    List<Setting<?>> of(String name) {
        return ofEach.stream()
                .<Setting<?>>map(setting -> setting.of(prefix(name)))
                .toList();
    }

    /** For the reference: those of a member whose name stands for any. */
    List<Setting<?>> ofAny() {
        return of(ANY);
    }

    Optional<Setting<?>> find(String key) {
        return nameIn(key).filter(this::isName).flatMap(name -> of(name).stream()
                .filter(setting -> setting.key().equals(key))
                .findFirst());
    }

    Optional<Setting<?>> findByEnvironmentName(String variable) {
        return keyOf(variable).flatMap(this::find).filter(setting -> setting.environmentNames()
                .contains(variable));
    }

    /** The member's name in a key of this family, good or bad; nothing for other keys. */
    Optional<String> nameIn(String key) {
        int end = key.lastIndexOf('.');
        return key.startsWith(prefix) && end > prefix.length()
                ? Optional.of(key.substring(prefix.length(), end))
                : Optional.empty();
    }

    /** The key that a variable stands for, with a good name in it or a bad one. */
    private Optional<String> keyOf(String variable) {
        if (!variable.startsWith(environmentPrefix)) {
            return Optional.empty();
        }
        String rest = variable.substring(environmentPrefix.length())
                .toLowerCase(Locale.ROOT)
                .replace('_', '-');
        return ofEach.stream()
                .map(Setting::key)
                .filter(end -> rest.endsWith("-" + end) && rest.length() > end.length() + 1)
                .map(end -> prefix(rest.substring(0, rest.length() - end.length() - 1)) + end)
                .findFirst();
    }

    /** What is wrong with the member's name in a key; nothing if it is good, and for keys of others. */
    Optional<String> problemOfName(String key, Origin origin) {
        return nameIn(key).filter(name -> !isName(name)).map(name -> {
            String rule = refused != null && refused.name().equals(name)
                    ? "must not be " + name + ": " + refused.because()
                    : "must be words of a-z and 0-9 joined by '-', at most " + LONGEST_NAME + " characters: rename the "
                            + member;
            return "the " + member + "'s name in " + key + " (" + origin + ") " + rule;
        });
    }

    /** The same for the key that a variable stands for. */
    Optional<String> problemOfNameInVariable(String variable) {
        return keyOf(variable).flatMap(key -> problemOfName(key, Origin.environment(variable)));
    }

    private boolean isName(String text) {
        return text.length() <= LONGEST_NAME
                && (refused == null || !refused.name().equals(text))
                && NAME.matcher(text).matches();
    }

    /** The settings of this family that someone may have meant by a key, or a variable, that there is not. */
    List<Setting<?>> meantBy(String unknown) {
        return meant.matcher(unknown).matches()
                ? names(unknown)
                        .filter(this::isName)
                        .flatMap(name -> of(name).stream())
                        .toList()
                : List.of();
    }

    /** What could be a name: the middle of a key, and every beginning of a variable's rest. */
    private static Stream<String> names(String unknown) {
        String[] parts = unknown.split("[._]", -1);
        if (unknown.contains(".")) {
            return parts.length == 4 ? Stream.of(parts[2]) : Stream.empty();
        }
        return Stream.iterate(3, end -> end < parts.length, end -> end + 1)
                .map(end ->
                        String.join("-", Arrays.asList(parts).subList(2, end)).toLowerCase(Locale.ROOT));
    }
}
