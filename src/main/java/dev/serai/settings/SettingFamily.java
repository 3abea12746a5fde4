package dev.serai.settings;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Settings that there are once for each name that is given: the keys {@code serai.tenants.NAME.*}, for example. A member
 * of the family is made for its name when a source names one of its keys.
 *
 * <p>A name is lower case and has no underscore, so that each variable of the environment stands for one key only:
 * {@code SERAI_TENANTS_NORTH_WEST_RATE} is {@code serai.tenants.north-west.rate}. No key's last part ends with a dash
 * and another's last part, or else a variable could be read in two ways.
 *
 * <p>Immutable, safe for use by several threads.
 */
final class SettingFamily<M extends SettingFamily.Member> {
    /** The settings of one name. */
    interface Member {
        String name();

        /** In the order of the reference. */
        List<Setting<?>> all();
    }

    /** In place of a name, where any is meant. */
    private static final String ANY = "NAME";

    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final int LONGEST_NAME = 63;

    private final String member;
    private final String title;
    private final Map<String, String> refusedNames;
    private final Function<String, M> of;
    private final String prefix;
    private final String environmentPrefix;
    private final Pattern meant;

    /**
     * @param member what one member is called, for example {@code tenant}; an "s" makes the plural
     * @param refusedNames names that no member may have, each with the reason
     * @param of makes the member of a name; each of its keys is {@code serai.}, the plural, the name and one word,
     *     joined by dots
     */
    SettingFamily(String member, Map<String, String> refusedNames, Function<String, M> of) {
        this.member = member;
        this.title = member.substring(0, 1).toUpperCase(Locale.ROOT) + member.substring(1) + "s";
        this.refusedNames = Map.copyOf(refusedNames);
        this.of = of;
        this.prefix = SettingsCatalog.PREFIX + member + "s.";
        this.environmentPrefix = prefix.toUpperCase(Locale.ROOT).replace('.', '_');
        this.meant = Pattern.compile("serai[._]" + member + ".*", Pattern.CASE_INSENSITIVE);
    }

    M of(String name) {
        return of.apply(name);
    }

    /** For the reference: a member whose name stands for any. */
    SettingsCatalog.Group group() {
        return new SettingsCatalog.Group(title, of(ANY).all());
    }

    Optional<Setting<?>> find(String key) {
        return nameIn(key).filter(this::isName).flatMap(name -> of(name).all().stream()
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
        return keyEnds()
                .filter(end -> rest.length() > end.length() && rest.endsWith(end.replace('.', '-')))
                .map(end -> prefix + rest.substring(0, rest.length() - end.length()) + end)
                .findFirst();
    }

    private Stream<String> keyEnds() {
        int begin = (prefix + ANY).length();
        return of(ANY).all().stream().map(setting -> setting.key().substring(begin));
    }

    /** What is wrong with the member's name in a key; nothing if it is good, and for keys of others. */
    Optional<String> problemOfName(String key, Origin origin) {
        return nameIn(key).filter(name -> !isName(name)).map(name -> {
            String reason = refusedNames.get(name);
            String rule = reason == null
                    ? "must be words of a-z and 0-9 joined by '-', at most " + LONGEST_NAME + " characters: rename the "
                            + member
                    : "must not be " + name + ": " + reason;
            return "the " + member + "'s name in " + key + " (" + origin + ") " + rule;
        });
    }

    /** The same for the key that a variable stands for. */
    Optional<String> problemOfNameInVariable(String variable) {
        return keyOf(variable).flatMap(key -> problemOfName(key, Origin.environment(variable)));
    }

    private boolean isName(String text) {
        return text.length() <= LONGEST_NAME
                && !refusedNames.containsKey(text)
                && NAME.matcher(text).matches();
    }

    /** The settings of this family that someone may have meant by a key, or a variable, that there is not. */
    List<Setting<?>> meantBy(String unknown) {
        return meant.matcher(unknown).matches()
                ? names(unknown)
                        .filter(this::isName)
                        .<Setting<?>>flatMap(name -> of(name).all().stream())
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
