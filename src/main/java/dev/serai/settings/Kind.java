package dev.serai.settings;

import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** How a setting is read and checked. Of those of one Java type the first is meant where {@link Key#is} names none. */
enum Kind {
    OF_ITS_TYPE(Void.class, key -> {
        throw new IllegalArgumentException("is no kind by itself");
    }),

    TEXT(String.class, key -> SettingTypes.text()),
    WORD(String.class, key -> SettingTypes.word()),
    WORD_OR_NONE(String.class, key -> SettingTypes.wordOrNone()),
    TOPIC(String.class, key -> NameTypes.topic()),
    OPTION(String.class, key -> NameTypes.option()),
    HOST(String.class, key -> Addresses.host()),
    SERVERS(String.class, key -> Addresses.servers()),
    URI_REFERENCE(String.class, key -> Addresses.uriReference()),
    PROXY_USER(String.class, key -> Addresses.proxyUser()),
    HEADER_NAME(String.class, key -> Addresses.headerName()),
    JDBC_URL(String.class, key -> SqlTypes.jdbcUrl()),
    QUERY(String.class, key -> SqlTypes.query()),
    ROUTE_ID(String.class, key -> NameTypes.routeId()),
    COUNTRY(String.class, key -> NameTypes.country()),

    WHOLE_NUMBER(
            Integer.class, key -> SettingTypes.wholeNumber(Integer.parseInt(least(key)), Integer.parseInt(most(key)))),
    SIZE(Integer.class, key -> ByteSizes.between((int) ByteSizes.parse(least(key)), (int) ByteSizes.parse(most(key)))),
    DECIMAL_NUMBER(
            Double.class, key -> SettingTypes.decimalNumber(Integer.parseInt(least(key)), Integer.parseInt(most(key)))),
    SWITCH(Boolean.class, key -> SettingTypes.trueOrFalse()),
    DURATION(Duration.class, key -> Durations.between(Durations.parse(least(key)), Durations.parse(most(key)))),

    READABLE_FILE(Path.class, key -> PathTypes.readableFile()),
    PROPERTIES_FILE(Path.class, key -> PathTypes.propertiesFile()),
    DATA_FILE(Path.class, key -> PathTypes.dataFile()),
    MAPPING(Path.class, key -> MappingTypes.mapping()),
    DIRECTORY(Path.class, key -> PathTypes.directory()),

    BASE_URL(URI.class, key -> Addresses.baseUrl()),
    PROXY(URI.class, key -> Addresses.proxy()),

    API_KEY(Secret.class, key -> SecretTypes.secret()),
    HEADER_VALUE(Secret.class, key -> SecretTypes.headerValue()),
    PASSWORD(Secret.class, key -> SecretTypes.password()),

    API_KEY_FILE(HeldSecret.class, key -> SecretTypes.secretFile(SecretFile.Kind.KEY)),
    HEADER_VALUE_FILE(HeldSecret.class, key -> SecretTypes.secretFile(SecretFile.Kind.HEADER_VALUE)),
    PASSWORD_FILE(HeldSecret.class, key -> SecretTypes.secretFile(SecretFile.Kind.PASSWORD)),
    SEALING_KEYS_FILE(HeldSecret.class, key -> SecretTypes.secretFile(SecretFile.Kind.SEALING_KEYS)),
    DIGEST_KEY_FILE(HeldSecret.class, key -> SecretTypes.secretFile(SecretFile.Kind.DIGEST_KEY));

    private interface Maker {
        SettingType<?> make(Key key) throws BadValueException;
    }

    private final Class<?> javaType;

    @SuppressWarnings("ImmutableEnumChecker") // a function of the key alone
    private final Maker maker;

    Kind(Class<?> javaType, Maker maker) {
        this.javaType = javaType;
        this.maker = maker;
    }

    /**
     * How a component is read and checked.
     *
     * @throws IllegalArgumentException if no setting can have that Java type, the key names a kind of another one, or the
     *     bounds that the kind needs are missing
     */
    static SettingType<?> typeOf(Type component, Key key) {
        if (component instanceof ParameterizedType list
                && (list.getRawType() == List.class || list.getRawType() == Set.class)) {
            return SettingTypes.listOf(typeOf(list.getActualTypeArguments()[0], key));
        }
        if (component instanceof Class<?> choices && choices.isEnum()) {
            return SettingTypes.oneOf(choices.asSubclass(Enum.class));
        }
        Type boxed = component instanceof Class<?> plain
                ? MethodType.methodType(plain).wrap().returnType()
                : component;
        return Arrays.stream(values())
                .filter(kind -> kind.javaType == boxed && (key.is() == OF_ITS_TYPE || key.is() == kind))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("is a setting of the Java type " + component.getTypeName()
                                + ", for which there is no kind" + (key.is() == OF_ITS_TYPE ? "" : " " + key.is())))
                .type(key);
    }

    private SettingType<?> type(Key key) {
        try {
            return maker.make(key);
        } catch (BadValueException | NumberFormatException e) {
            throw new IllegalArgumentException("has no good bounds: " + e.getMessage(), e);
        }
    }

    private static String least(Key key) {
        return key.in().split(" to ", 2)[0];
    }

    private static String most(Key key) {
        return key.in().replaceFirst(".* to ", "");
    }
}
