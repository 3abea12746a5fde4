package dev.serai.settings;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.settings.SeraiSettings.OnUnknownOutcome;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each key sets the component that bears its name, and no other; a key or component without its partner fails. */
@Timeout(10)
class SettingsMappingTest {
    /** Components that no key sets directly. */
    private static final Set<String> DERIVED = Set.of("serai.connect.base-url-set", "serai.tenants", "serai.sources");

    /** Components that bear another name than their key, or stand in another record. */
    private static final Map<String, String> KEYS = Map.of(
            "serai.enrich.limits.scene-elements", "serai.enrich.max-scene-elements",
            "serai.enrich.limits.name-characters", "serai.enrich.max-name-characters",
            "serai.enrich.limits.description-characters", "serai.enrich.max-description-characters",
            "serai.enrich.limits.scene-characters", "serai.enrich.max-scene-characters",
            "serai.enrich.limits.text-characters", "serai.enrich.max-text-characters");

    /** A source to be named. */
    private static final Map<String, String> WEATHER =
            Map.of("SERAI_SOURCES_WEATHER_TYPE", "kafka-table", "SERAI_SOURCES_WEATHER_TOPIC", "weather");

    @TempDir
    Path directory;

    private record Example(String text, Object value) {}

    /** The keys of one tenant; {@link SettingsTenantsTest} has the rest. */
    private Map<String, Example> tenantExamples() throws Exception {
        Path key = Files.writeString(directory.resolve("tenant-key"), "from-the-file\n");
        return Map.of(
                ".api-key", new Example("from-the-environment", new Secret("from-the-environment")),
                ".api-key-file", new Example(key.toString(), key),
                ".base-url", new Example("https://b.example/", URI.create("https://b.example")),
                ".max-concurrent", new Example("10000", 10_000),
                ".rate", new Example("0.25", 0.25),
                ".burst", new Example("3", 3),
                ".scene-source", new Example("weather", "weather"),
                ".dynamic-info-source", new Example("weather", "weather"));
    }

    private Map<String, Example> examples() throws Exception {
        Path client = Files.writeString(directory.resolve("client.properties"), "security.protocol=SSL\n");
        Path key = Files.writeString(directory.resolve("key"), "from-the-file\n");
        Map<String, Example> examples = new LinkedHashMap<>();
        examples.put("serai.data-dir", new Example("elsewhere", Path.of("elsewhere")));
        examples.put("serai.routes-dir", new Example(directory.toString(), directory));
        examples.put("serai.kafka.bootstrap-servers", new Example("a:9092, [::1]:9093", "a:9092,[::1]:9093"));
        examples.put("serai.kafka.client-properties-file", new Example(client.toString(), client));
        examples.put("serai.kafka.start-topic", new Example("s", "s"));
        examples.put("serai.kafka.reply-topic", new Example("r", "r"));
        examples.put("serai.kafka.dead-letter-topic", new Example("d", "d"));
        examples.put("serai.kafka.session-topic", new Example("t", "t"));
        examples.put("serai.kafka.group-id", new Example("two words", "two words"));
        examples.put("serai.instance-id", new Example("replica-1", "replica-1"));
        examples.put("serai.kafka.max-in-flight", new Example("64", 64));
        examples.put("serai.kafka.max-in-flight-bytes", new Example("64KiB", 65_536));
        examples.put("serai.kafka.create-topics", new Example("FALSE", false));
        examples.put("serai.kafka.partitions", new Example("1000", 1000));
        examples.put("serai.kafka.reply-retention", new Example("90m", Duration.ofMinutes(90)));
        examples.put("serai.conversation.default-character-id", new Example("c-1", "c-1"));
        examples.put("serai.conversation.ttl", new Example("PT30S", Duration.ofSeconds(30)));
        examples.put("serai.conversation.max-event-bytes", new Example("1MiB", 1_048_576));
        examples.put("serai.conversation.max-clock-skew", new Example("0ms", Duration.ZERO));
        examples.put("serai.sessions.retention", new Example("48h", Duration.ofDays(2)));
        examples.put(
                "serai.connect.base-url", new Example("https://a.example/v1/", URI.create("https://a.example/v1")));
        examples.put("serai.connect.api-key", new Example("from-the-environment", new Secret("from-the-environment")));
        examples.put("serai.connect.api-key-file", new Example(key.toString(), key));
        examples.put("serai.connect.stand-in", new Example("TRUE", true));
        examples.put("serai.connect.allowed-options", new Example("debug,mode", Set.of("mode", "debug")));
        examples.put("serai.connect.max-concurrent", new Example("30", 30));
        examples.put("serai.connect.rate", new Example("2.50", 2.5));
        examples.put("serai.connect.burst", new Example("10000", 10_000));
        examples.put("serai.connect.max-attempts", new Example("1", 1));
        examples.put("serai.connect.initial-backoff", new Example("10ms", Duration.ofMillis(10)));
        examples.put("serai.connect.max-backoff", new Example("5m", Duration.ofMinutes(5)));
        examples.put("serai.connect.max-retry-after", new Example("1h", Duration.ofHours(1)));
        examples.put("serai.connect.connect-timeout", new Example("100ms", Duration.ofMillis(100)));
        examples.put("serai.connect.tls-timeout", new Example("1m", Duration.ofMinutes(1)));
        examples.put("serai.connect.response-timeout", new Example("120s", Duration.ofMinutes(2)));
        examples.put("serai.connect.total-timeout", new Example("5m", Duration.ofMinutes(5)));
        examples.put("serai.connect.on-unknown-outcome", new Example("Reject", OnUnknownOutcome.REJECT));
        examples.put("serai.connect.gate.cool-down", new Example("1ms", Duration.ofMillis(1)));
        examples.put("serai.connect.gate.credentials-probe", new Example("1h", Duration.ofHours(1)));
        examples.put("serai.connect.gate.outage-calls", new Example("2", 2));
        examples.put("serai.connect.gate.outage-probe", new Example("10m", Duration.ofMinutes(10)));
        examples.put("serai.connect.gate.max-outage-probe", new Example("2s", Duration.ofSeconds(2)));
        examples.put("serai.connect.trust-store", new Example(client.toString(), client));
        examples.put("serai.connect.trust-store-password", new Example("two wörds", new Secret("two wörds")));
        examples.put("serai.connect.proxy", new Example("http://p.example:3128/", URI.create("http://p.example:3128")));
        examples.put("serai.connect.proxy-user", new Example("us\\er", "us\\er"));
        examples.put("serai.connect.proxy-password", new Example("pass:word", new Secret("pass:word")));
        examples.put("serai.enrich.scene-source", new Example("weather", "weather"));
        examples.put("serai.enrich.dynamic-info-source", new Example("weather", "weather"));
        examples.put("serai.enrich.max-scene-elements", new Example("1", 1));
        examples.put("serai.enrich.max-name-characters", new Example("2", 2));
        examples.put("serai.enrich.max-description-characters", new Example("20000", 20_000));
        examples.put("serai.enrich.max-scene-characters", new Example("200000", 200_000));
        examples.put("serai.enrich.max-text-characters", new Example("3", 3));
        examples.put("serai.reply.allowed-topics", new Example("x, y,", Set.of("x", "y")));
        examples.put("serai.reply.correlation-headers", new Example("b,a", List.of("b", "a")));
        examples.put("serai.http.host", new Example("0.0.0.0", "0.0.0.0"));
        examples.put("serai.http.port", new Example("0", 0));
        examples.put("serai.embedded.port", new Example("65535", 65535));
        return examples;
    }

    /** What else must be set for the key to be allowed. */
    private Map<String, String> companions(String key) {
        return switch (key) {
            case "serai.connect.base-url" -> Map.of("CONVAI_API_KEY", "k");
            case "serai.connect.response-timeout" -> Map.of("SERAI_CONNECT_TOTAL_TIMEOUT", "5m");
            case "serai.connect.gate.outage-probe" -> Map.of("SERAI_CONNECT_GATE_MAX_OUTAGE_PROBE", "1h");
            case "serai.connect.trust-store-password" ->
                Map.of("SERAI_CONNECT_TRUST_STORE", directory.resolve("key").toString());
            case "serai.connect.proxy-user", "serai.connect.proxy-password" ->
                Map.of(
                        "SERAI_CONNECT_PROXY",
                        "http://p:1",
                        "SERAI_CONNECT_PROXY_USER",
                        "u",
                        "SERAI_CONNECT_PROXY_PASSWORD",
                        "w");
            case "serai.enrich.scene-source", "serai.enrich.dynamic-info-source" -> WEATHER;
            case "serai.kafka.client-properties-file" -> Map.of("KAFKA_BOOTSTRAP_SERVERS", "b:1");
            default -> Map.of();
        };
    }

    /** What else the key changes. */
    private static Set<String> alsoChanged(String key) {
        return switch (key) {
            case "serai.connect.base-url" -> Set.of("serai.connect.base-url-set");
            case "serai.connect.api-key-file" -> Set.of("serai.connect.api-key");
            default -> Set.of();
        };
    }

    @Test
    void everyKey_hasAnExampleAndAComponent() throws Exception {
        Set<String> keys = SettingsCatalog.all().stream().map(Setting::key).collect(toSet());
        Set<String> components =
                components("serai", Loading.defaults().values()).keySet();

        assertThat(examples().keySet()).isEqualTo(keys);
        assertThat(components).containsExactlyInAnyOrderElementsOf(union(keys, DERIVED));
    }

    @Test
    void everyKey_setsItsComponentAndNoOther() throws Exception {
        for (Map.Entry<String, Example> example : examples().entrySet()) {
            String key = example.getKey();
            Map<String, String> environment = new TreeMap<>(companions(key));
            Map<String, Object> before =
                    components("serai", Loading.fromEnvironment(environment).values());
            environment.put(
                    key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'),
                    example.getValue().text());
            Map<String, Object> after =
                    components("serai", Loading.fromEnvironment(environment).values());

            assertThat(after).as(key).containsEntry(key, example.getValue().value());
            Set<String> changed = after.keySet().stream()
                    .filter(name -> !Objects.equals(after.get(name), before.get(name)))
                    .collect(toSet());
            assertThat(changed).as("changed by %s", key).isEqualTo(union(Set.of(key), alsoChanged(key)));
        }
    }

    @Test
    void everyKeyOfATenant_setsItsComponentAndNoOther() throws Exception {
        Map<String, String> withKey = new TreeMap<>(WEATHER);
        withKey.put("SERAI_TENANTS_NAME_API_KEY", "k");
        Map<String, Object> before = components(
                "",
                requireNonNull(
                        Loading.fromEnvironment(withKey).values().tenants().get("name")));
        for (Map.Entry<String, Example> example : tenantExamples().entrySet()) {
            String end = example.getKey();
            boolean isFile = ".api-key-file".equals(end);
            Map<String, String> environment = new TreeMap<>(isFile ? WEATHER : withKey);
            environment.put(
                    "SERAI_TENANTS_NAME"
                            + end.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'),
                    example.getValue().text());
            Map<String, Object> after = components(
                    "",
                    requireNonNull(Loading.fromEnvironment(environment)
                            .values()
                            .tenants()
                            .get("name")));

            assertThat(after).as(end).containsEntry(end, example.getValue().value());
            Set<String> changed = after.keySet().stream()
                    .filter(name -> !Objects.equals(after.get(name), before.get(name)))
                    .collect(toSet());
            assertThat(changed).as("changed by %s", end).isEqualTo(isFile ? Set.of(end, ".api-key") : Set.of(end));
        }
        assertThat(before.keySet()).isEqualTo(tenantExamples().keySet());
        assertThat(TenantSettings.FAMILY.of("name").all().stream().map(Setting::key))
                .containsExactlyInAnyOrderElementsOf(before.keySet().stream()
                        .map(end -> "serai.tenants.name" + end)
                        .toList());
    }

    /** The keys of one source that its type allows, by type; {@link SettingsEnrichmentTest} has the rest. */
    private Map<String, Map<String, Example>> sourceExamples() {
        Path text = Loading.write(directory.resolve("text"), "  two words ");
        Path json = Loading.write(directory.resolve("a.JSON"), "{}");
        return Map.of(
                "http",
                Map.of(
                        ".base-url", new Example("https://a.example/", URI.create("https://a.example")),
                        ".header", new Example("X-Api-Key", "X-Api-Key"),
                        ".header-value", new Example("Bearer abc", new Secret("Bearer abc")),
                        ".header-value-file", new Example(text.toString(), text),
                        ".trust-store", new Example(text.toString(), text),
                        ".trust-store-password", new Example("two wörds", new Secret("two wörds"))),
                "sql",
                Map.of(
                        ".jdbc-url", new Example("jdbc:oracle:thin:@//db:1/x", "jdbc:oracle:thin:@//db:1/x"),
                        ".jdbc-user", new Example("me", "me"),
                        ".jdbc-password", new Example("pass word", new Secret("pass word")),
                        ".jdbc-password-file", new Example(text.toString(), text),
                        ".query", new Example("select :#reference,1", "select :#reference,1")),
                "kafka-table",
                Map.of(".topic", new Example("profiles", "profiles")),
                "file",
                Map.of(".path", new Example(json.toString(), json), ".key-column", new Example("an id", "an id")),
                "route",
                Map.of(
                        ".route", new Example("enrich-a-2", "enrich-a-2"),
                        ".policy", new Example("required", true),
                        ".timeout", new Example("10ms", Duration.ofMillis(10)),
                        ".max-concurrent", new Example("1000", 1000),
                        ".cache-ttl", new Example("0ms", Duration.ZERO),
                        ".stale-ttl", new Example("7d", Duration.ofDays(7)),
                        ".cache-entries", new Example("1000000", 1_000_000),
                        ".breaker-pause", new Example("100ms", Duration.ofMillis(100))),
                "shape",
                Map.of(
                        ".elements-field", new Example("items", "items"),
                        ".name-field", new Example("titel", "titel"),
                        ".description-field", new Example("größe", "größe"),
                        ".text-field", new Example("note", "note"),
                        ".template", new Example(text.toString(), text)));
    }

    /** What a source of the type must have, and what any of its keys needs beside it. */
    private Map<String, String> sourceOf(String type) {
        Path csv = Loading.write(directory.resolve("a.csv"), "key");
        Map<String, String> ends =
                switch (type) {
                    case "http" -> Map.of("TYPE", type, "BASE_URL", "http://b", "TRUST_STORE", csv.toString());
                    case "sql" -> Map.of("TYPE", type, "JDBC_URL", "jdbc:b:c", "JDBC_USER", "u", "QUERY", "select 1");
                    case "kafka-table" -> Map.of("TYPE", type, "TOPIC", "b");
                    case "file" -> Map.of("TYPE", type, "PATH", csv.toString());
                    default -> Map.of("TYPE", "route", "ROUTE", "enrich-b");
                };
        Map<String, String> environment = new TreeMap<>();
        ends.forEach((end, value) -> environment.put("SERAI_SOURCES_NAME_" + end, value));
        return environment;
    }

    /** The component of a source that the key with that end sets. */
    private static String sourceComponentOf(String end) {
        return switch (end) {
            case ".policy" -> ".required";
            case ".jdbc-user" -> ".user";
            case ".jdbc-password" -> ".password";
            case ".jdbc-password-file" -> ".password-file";
            default -> end;
        };
    }

    /** A file is remembered beside what it holds. */
    private static Set<String> changedBySourceKey(String end) {
        String component = sourceComponentOf(end);
        return switch (end) {
            case ".header-value-file", ".jdbc-password-file" ->
                Set.of(component, component.substring(0, component.length() - "-file".length()));
            default -> Set.of(component);
        };
    }

    private static Map<String, Object> sourceComponents(Map<String, String> environment) {
        EnrichmentSource source = requireNonNull(
                Loading.fromEnvironment(environment).values().sources().get("name"));
        Map<String, Object> components = new TreeMap<>();
        components("", source)
                .forEach((name, value) -> components.put(name.replaceFirst("^\\.(system|shape)(?=\\.)", ""), value));
        return components;
    }

    @Test
    void everyKeyOfASource_setsItsComponentAndNoOther() {
        Set<String> keys = new TreeSet<>(Set.of("serai.sources.name.type"));
        Set<String> components = new TreeSet<>();
        sourceExamples().forEach((type, examples) -> {
            Map<String, Object> before = sourceComponents(sourceOf(type));
            components.addAll(before.keySet());
            examples.forEach((end, example) -> {
                keys.add("serai.sources.name" + end);
                Map<String, String> environment = sourceOf(type);
                environment.put(
                        "SERAI_SOURCES_NAME"
                                + end.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'),
                        example.text());
                Map<String, Object> after = sourceComponents(environment);

                assertThat(after).as(end).containsEntry(sourceComponentOf(end), example.value());
                assertThat(after.keySet().stream().filter(name -> !Objects.equals(after.get(name), before.get(name))))
                        .as("changed by %s", end)
                        .containsExactlyInAnyOrderElementsOf(changedBySourceKey(end));
            });
        });

        assertThat(SourceSettings.FAMILY.of("name").all().stream().map(Setting::key))
                .containsExactlyInAnyOrderElementsOf(keys);
        assertThat(keys.stream()
                        .map(key -> sourceComponentOf(key.substring("serai.sources.name".length())))
                        .filter(name -> !".type".equals(name))
                        .collect(toSet()))
                .isEqualTo(components);
    }

    @Test
    void everyTypeOfSource_isASystemOfItsOwn() {
        Set<Class<?>> systems = Stream.of("http", "sql", "kafka-table", "file", "route")
                .map(type -> requireNonNull(Loading.fromEnvironment(sourceOf(type))
                                .values()
                                .sources()
                                .get("name"))
                        .system()
                        .getClass())
                .collect(toSet());

        assertThat(systems).containsExactlyInAnyOrder(EnrichmentSource.System.class.getPermittedSubclasses());
    }

    @Test
    void variablesOfAFamily_canBeReadInOneWayOnly() {
        for (SettingFamily<?> family : SettingsCatalog.families()) {
            List<String> ends = family.of("name").all().stream()
                    .map(setting -> setting.key().substring(setting.key().lastIndexOf('.') + 1))
                    .toList();

            assertThat(ends).doesNotHaveDuplicates();
            for (String end : ends) {
                assertThat(ends).noneMatch(other -> other.endsWith("-" + end));
            }
            assertThat(family.of("name").all()).allSatisfy(setting -> {
                assertThat(setting.key()).matches("serai\\.[a-z]+s\\.name\\.[a-z]+(-[a-z]+)*");
                assertThat(SettingsCatalog.findByEnvironmentName(setting.environmentName()))
                        .map(Setting::key)
                        .contains(setting.key());
            });
        }
    }

    @Test
    void everyAlias_setsTheSameAsItsKey() throws Exception {
        Map<String, Example> examples = examples();
        Map<String, String> aliases = Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", "serai.kafka.bootstrap-servers",
                "CONVAI_BASE_URL", "serai.connect.base-url",
                "CONVAI_API_KEY", "serai.connect.api-key",
                "CONVAI_API_KEY_FILE", "serai.connect.api-key-file");

        aliases.forEach((alias, key) -> {
            Example example = Objects.requireNonNull(examples.get(key));
            Map<String, String> environment = new TreeMap<>(companions(key));
            environment.put(alias, example.text());
            assertThat(components("serai", Loading.fromEnvironment(environment).values()))
                    .containsEntry(key, example.value());
        });
        assertThat(SettingsCatalog.all().stream().flatMap(setting -> setting.aliases().stream()))
                .containsExactlyInAnyOrderElementsOf(aliases.keySet());
    }

    @Test
    void environmentNames_areAllDifferent() {
        assertThat(SettingsCatalog.all().stream().flatMap(setting -> setting.environmentNames().stream()))
                .doesNotHaveDuplicates();
    }

    @Test
    void everyValue_isWrittenSoThatItIsReadBack() throws Exception {
        for (Map.Entry<String, Example> example : examples().entrySet()) {
            assertRoundTrip(
                    SettingsCatalog.find(example.getKey()).orElseThrow(),
                    example.getValue().text());
        }
        for (Map<String, Example> ofType : sourceExamples().values()) {
            for (Map.Entry<String, Example> example : ofType.entrySet()) {
                assertRoundTrip(
                        SettingsCatalog.find("serai.sources.name" + example.getKey())
                                .orElseThrow(),
                        example.getValue().text());
            }
        }
    }

    private static <T> void assertRoundTrip(Setting<T> setting, String text) throws BadValueException {
        if (!setting.type().secret()) {
            T value = setting.type().parser().parse(text);
            String written = setting.type().text().apply(value);
            assertThat(setting.type().parser().parse(written)).as(setting.key()).isEqualTo(value);
        }
    }

    /** The leaves of nested records, under the names that their keys have. */
    private static Map<String, Object> components(String prefix, Record settings) {
        Map<String, Object> leaves = new TreeMap<>();
        for (RecordComponent component : settings.getClass().getRecordComponents()) {
            String key = prefix + "."
                    + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            Object value = valueOf(component, settings);
            if (value instanceof Record nested) {
                leaves.putAll(components(key, nested));
            } else {
                leaves.put(KEYS.getOrDefault(key, key), value == null ? "null" : value);
            }
        }
        return leaves;
    }

    private static Object valueOf(RecordComponent component, Record settings) {
        try {
            return component.getAccessor().invoke(settings);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        return Stream.concat(some.stream(), others.stream()).collect(toSet());
    }
}
