package dev.serai.config;

import dev.serai.config.PathTypes.SecretFile;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The settings of one tenant, made for its name: the family of keys {@code serai.tenants.NAME.*}. A new key also needs
 * its component in {@link SeraiSettings.Tenant} and a line in {@link SettingsMapping}.
 *
 * <p>A name is lower case and has no underscore, so that each variable of the environment stands for one key only:
 * {@code SERAI_TENANTS_NORTH_WEST_RATE} is {@code serai.tenants.north-west.rate}. No key's last part ends with an
 * underscore and another's last part, or else a variable could be read in two ways.
 */
record TenantSettings(
        String name,
        Setting<Secret> apiKey,
        Setting<SecretFile> apiKeyFile,
        Setting<URI> baseUrl,
        Setting<Integer> maxConcurrent,
        Setting<Double> rate,
        Setting<Integer> burst) {
    /** In place of a name, where any is meant. */
    static final String ANY = "NAME";

    /** The tenant whose settings are {@code serai.connect.*}. */
    static final String DEFAULT = "default";

    private static final String PREFIX = "serai.tenants.";
    private static final String ENVIRONMENT_PREFIX = "SERAI_TENANTS_";
    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final int LONGEST_NAME = 63;

    /** What keys and variables of this family begin with when they are slightly wrong. */
    private static final Pattern MEANT = Pattern.compile("serai[._]tenant.*", Pattern.CASE_INSENSITIVE);

    private static final List<String> KEY_ENDS = of(ANY).all().stream()
            .map(setting -> setting.key().substring((PREFIX + ANY).length()))
            .toList();

    static TenantSettings of(String name) {
        String tenant = PREFIX + name;
        return new TenantSettings(
                name,
                Setting.of(
                                tenant + ".api-key",
                                PathTypes.secret(),
                                "The tenant's API key; an error in a file or on the command line. Each tenant needs this or"
                                        + " the file.")
                        .fromEnvironmentOnly(),
                Setting.of(
                        tenant + ".api-key-file",
                        PathTypes.secretFile(),
                        "A file that holds the tenant's API key; read again when it changes."),
                Setting.of(
                                tenant + ".base-url",
                                Addresses.baseUrl(),
                                "The Connect API of this tenant, without `/connect`.")
                        .orElseAs(SettingsCatalog.BASE_URL),
                Setting.of(
                                tenant + ".max-concurrent",
                                SettingTypes.wholeNumber(1, SettingsCatalog.MOST_CALLS),
                                "This tenant's calls at once, of the whole fleet.")
                        .orElseAs(SettingsCatalog.MAX_CONCURRENT),
                Setting.of(
                                tenant + ".rate",
                                SettingTypes.decimalNumber(SettingsCatalog.MOST_CALLS),
                                "This tenant's calls per second, of the whole fleet; 0: no bound.")
                        .orElseAs(SettingsCatalog.RATE),
                Setting.of(
                                tenant + ".burst",
                                SettingTypes.wholeNumber(1, SettingsCatalog.MOST_CALLS),
                                "This tenant's calls that may begin at once after a pause; only with a rate.")
                        .orElseAs(SettingsCatalog.BURST));
    }

    /** In the order of the reference. */
    List<Setting<?>> all() {
        return List.of(apiKey, apiKeyFile, baseUrl, maxConcurrent, rate, burst);
    }

    static Optional<Setting<?>> find(String key) {
        return nameIn(key).filter(TenantSettings::isName).flatMap(name -> of(name).all().stream()
                .filter(setting -> setting.key().equals(key))
                .findFirst());
    }

    static Optional<Setting<?>> findByEnvironmentName(String variable) {
        return keyOf(variable).flatMap(TenantSettings::find).filter(setting -> setting.environmentNames()
                .contains(variable));
    }

    /** The tenant's name in a key of this family, good or bad; nothing for other keys. */
    static Optional<String> nameIn(String key) {
        int end = key.lastIndexOf('.');
        return key.startsWith(PREFIX) && end > PREFIX.length()
                ? Optional.of(key.substring(PREFIX.length(), end))
                : Optional.empty();
    }

    /** The key that a variable stands for, with a good name in it or a bad one. */
    static Optional<String> keyOf(String variable) {
        if (!variable.startsWith(ENVIRONMENT_PREFIX)) {
            return Optional.empty();
        }
        String rest = variable.substring(ENVIRONMENT_PREFIX.length())
                .toLowerCase(Locale.ROOT)
                .replace('_', '-');
        return KEY_ENDS.stream()
                .filter(end -> rest.length() > end.length() && rest.endsWith(end.replace('.', '-')))
                .map(end -> PREFIX + rest.substring(0, rest.length() - end.length()) + end)
                .findFirst();
    }

    /** What is wrong with the tenant's name in a key; nothing if it is good, and for keys of others. */
    static Optional<String> problemOfName(String key, Origin origin) {
        return nameIn(key).filter(name -> !isName(name)).map(name -> {
            String rule = DEFAULT.equals(name)
                    ? "must not be " + DEFAULT + ": that tenant's settings are serai.connect.*"
                    : "must be words of a-z and 0-9 joined by '-', at most " + LONGEST_NAME
                            + " characters: rename the tenant";
            return "the tenant's name in " + key + " (" + origin + ") " + rule;
        });
    }

    private static boolean isName(String text) {
        return text.length() <= LONGEST_NAME
                && !DEFAULT.equals(text)
                && NAME.matcher(text).matches();
    }

    /** The keys of this family that someone may have meant by a key, or a variable, that there is not. */
    static List<Setting<?>> meantBy(String unknown) {
        return MEANT.matcher(unknown).matches()
                ? names(unknown)
                        .filter(TenantSettings::isName)
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
