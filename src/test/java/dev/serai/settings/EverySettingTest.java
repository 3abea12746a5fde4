package dev.serai.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An example of every setting, with another value than its default. Two examples, since some settings exclude each other. */
@Timeout(120)
class EverySettingTest {
    private static final String WITH_KEYS_IN_FILES = """
            serai.data-dir=elsewhere
            serai.routes-dir=DIR
            serai.instance-id=replica-1
            serai.kafka.bootstrap-servers=a:9092, [::1]:9093
            serai.kafka.client-properties-file=DIR/a.csv
            serai.kafka.start-topic=s
            serai.kafka.reply-topic=r
            serai.kafka.dead-letter-topic=d
            serai.kafka.session-topic=t
            serai.kafka.job-topic=j
            serai.kafka.job-row-topic=jr
            serai.kafka.group-id=two words
            serai.kafka.max-in-flight=64
            serai.kafka.max-in-flight-bytes=64KiB
            serai.kafka.create-topics=FALSE
            serai.kafka.partitions=1000
            serai.kafka.reply-retention=90m
            serai.conversation.default-character-id=c-1
            serai.conversation.ttl=PT30S
            serai.conversation.max-event-bytes=1MiB
            serai.conversation.max-clock-skew=0ms
            serai.sessions.retention=48h
            serai.sessions.key-file=DIR/sealing
            serai.connect.base-url=https://a.example/v1/
            serai.connect.api-key-file=DIR/key
            serai.connect.allowed-options=debug
            serai.connect.max-concurrent=30
            serai.connect.rate=2.50
            serai.connect.burst=10000
            serai.connect.max-sessions=100000
            serai.connect.live-reserve=99999
            serai.connect.max-attempts=1
            serai.connect.initial-backoff=10ms
            serai.connect.max-backoff=5m
            serai.connect.max-retry-after=1h
            serai.connect.connect-timeout=100ms
            serai.connect.tls-timeout=1m
            serai.connect.response-timeout=120s
            serai.connect.total-timeout=4m
            serai.connect.on-unknown-outcome=Reject
            serai.connect.one-room-per-event=shared-session-key
            serai.connect.session-idle=24h
            serai.connect.max-session=1s
            serai.connect.gate.cool-down=1ms
            serai.connect.gate.credentials-probe=1h
            serai.connect.gate.outage-calls=2
            serai.connect.gate.outage-probe=9m
            serai.connect.gate.max-outage-probe=10m
            serai.connect.trust-store=DIR/key
            serai.connect.proxy=http://p.example:3128/
            serai.connect.proxy-user=us\\\\er
            serai.enrich.scene-source=web
            serai.enrich.dynamic-info-source=table
            serai.enrich.max-scene-elements=1
            serai.enrich.max-name-characters=2
            serai.enrich.max-description-characters=20000
            serai.enrich.max-scene-characters=200000
            serai.enrich.max-text-characters=3
            serai.reply.allowed-topics=x,
            serai.reply.topic-headers=t,u
            serai.reply.partition-headers=none
            serai.reply.correlation-headers=b,a
            serai.reply.default-ttl=100ms
            serai.reply.cloudevents-source=/avatars
            serai.reply.session-id=omit
            serai.reply.repeat=false
            serai.provision.enabled=false
            serai.provision.inbox=DIR/in
            serai.provision.outbox=DIR/out
            serai.http.host=0.0.0.0
            serai.http.port=0
            serai.embedded.port=65535
            serai.tenants.north.api-key-file=DIR/key
            serai.tenants.north.base-url=https://b.example/
            serai.tenants.north.max-concurrent=10000
            serai.tenants.north.rate=0.25
            serai.tenants.north.burst=3
            serai.tenants.north.max-sessions=30
            serai.tenants.north.live-reserve=5
            serai.tenants.north.scene-source=file
            serai.tenants.north.dynamic-info-source=own
            serai.sources.web.type=http
            serai.sources.web.base-url=https://c.example/
            serai.sources.web.header=X-Api-Key
            serai.sources.web.header-value-file=DIR/key
            serai.sources.web.trust-store=DIR/a.csv
            serai.sources.db.type=sql
            serai.sources.db.jdbc-url=jdbc:oracle:thin:@//db:1/x
            serai.sources.db.jdbc-user=me
            serai.sources.db.jdbc-password-file=DIR/key
            serai.sources.db.query=select :#reference,1
            serai.sources.table.type=kafka-table
            serai.sources.table.topic=profiles
            serai.sources.file.type=file
            serai.sources.file.path=DIR/a.csv
            serai.sources.file.key-column=an id
            serai.sources.own.type=Route
            serai.sources.own.route=enrich-a-2
            serai.sources.own.policy=required
            serai.sources.own.timeout=10ms
            serai.sources.own.max-concurrent=1000
            serai.sources.own.cache-ttl=0ms
            serai.sources.own.stale-ttl=7d
            serai.sources.own.cache-entries=1000000
            serai.sources.own.breaker-pause=100ms
            serai.sources.own.elements-field=items
            serai.sources.own.name-field=titel
            serai.sources.own.description-field=größe
            serai.sources.own.text-field=note
            serai.sources.own.template=DIR/key
            serai.intake.calls.topic=raw
            serai.intake.calls.mapping=DIR/a.csv
            serai.intake.calls.table=DIR/a.csv
            serai.intake.calls.digest-key-file=DIR/sealing
            serai.intake.calls.country=DE
            serai.intake.calls.character-id=c-2
            serai.intake.calls.tenant=north
            serai.intake.calls.ttl=1m
            """;

    private static final Map<String, String> BESIDE_THEM = Map.of(
            "SERAI_CONNECT_TRUST_STORE_PASSWORD", "two wörds",
            "SERAI_CONNECT_PROXY_PASSWORD", "pass:word",
            "SERAI_SOURCES_WEB_TRUST_STORE_PASSWORD", "two wörds");

    private static final Map<String, String> KEYS_IN_THE_ENVIRONMENT = Map.of(
            "SERAI_CONNECT_API_KEY", "key-1",
            "SERAI_TENANTS_NORTH_API_KEY", "key-2",
            "SERAI_SOURCES_WEB_TYPE", "http",
            "SERAI_SOURCES_WEB_BASE_URL", "https://c.example",
            "SERAI_SOURCES_WEB_HEADER_VALUE", "Bearer abc",
            "SERAI_SOURCES_DB_TYPE", "sql",
            "SERAI_SOURCES_DB_JDBC_URL", "jdbc:a:b",
            "SERAI_SOURCES_DB_QUERY", "select 1",
            "SERAI_SOURCES_DB_JDBC_USER", "me",
            "SERAI_SOURCES_DB_JDBC_PASSWORD", "pass word");

    @TempDir
    Path directory;

    @BeforeEach
    void writeFiles() {
        Loading.write(directory.resolve("key"), "a-secret");
        Loading.write(directory.resolve("sealing"), "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=");
        Loading.write(directory.resolve("a.csv"), "key");
    }

    private Settings keysInFiles() {
        return Loading.load(
                BESIDE_THEM,
                Loading.write(
                        directory.resolve("a.properties"), WITH_KEYS_IN_FILES.replace("DIR", directory.toString())),
                Map.of());
    }

    @Test
    void everySetting_hasAnExample() {
        Settings standIn = Loading.fromEnvironment(Map.of("SERAI_CONNECT_STAND_IN", "TRUE"));
        Set<String> set = Stream.of(keysInFiles(), Loading.fromEnvironment(KEYS_IN_THE_ENVIRONMENT), standIn)
                .flatMap(settings -> settings.changed().stream())
                .map(line -> line.split(" ", 2)[0])
                .map(key -> key.replaceFirst("(tenants|sources|intake)\\.[a-z]+", "$1.NAME"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(set)
                .containsExactlyInAnyOrderElementsOf(KnownSettings.sections()
                        .flatMap(section -> section.settings().stream())
                        .map(Setting::key)
                        .toList());
    }

    @Test
    void everyValue_isWrittenSoThatItIsReadBack() {
        Map<String, String> written = keysInFiles().changed().stream()
                .filter(line -> !line.contains(Secret.MASK))
                .map(line -> line.split(" = ", 2))
                .collect(Collectors.toMap(line -> line[0], line -> line[1].substring(0, line[1].lastIndexOf(" ("))));
        Settings again = Loading.load(BESIDE_THEM, null, written);

        assertThat(again.values()).isEqualTo(keysInFiles().values());
    }

    @Test
    void everyVariable_isOfOneSettingOnly() {
        assertThat(KnownSettings.sections()
                        .flatMap(section -> section.settings().stream())
                        .flatMap(setting -> setting.environmentNames().stream()))
                .doesNotHaveDuplicates();
    }

    @Test
    void everyAlias_setsTheSameAsItsKey() {
        Map<String, String> aliases = Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", "serai.kafka.bootstrap-servers",
                "CONVAI_BASE_URL", "serai.connect.base-url",
                "CONVAI_API_KEY", "serai.connect.api-key",
                "CONVAI_API_KEY_FILE", "serai.connect.api-key-file");

        aliases.forEach((alias, key) -> assertThat(KnownSettings.findByEnvironmentName(alias))
                .map(Setting::key)
                .contains(key));
        assertThat(KnownSettings.all().stream()
                        .map(setting -> setting.declared().alias()))
                .filteredOn(alias -> !alias.isEmpty())
                .containsExactlyInAnyOrderElementsOf(aliases.keySet());
    }

    @Test
    void variablesOfAFamily_canBeReadInOneWayOnly() {
        for (SettingFamily family : KnownSettings.families()) {
            List<String> ends = family.of("name").stream().map(Setting::name).toList();

            assertThat(ends).doesNotHaveDuplicates();
            for (String end : ends) {
                assertThat(ends).noneMatch(other -> other.endsWith("-" + end));
            }
            assertThat(family.of("name")).allSatisfy(setting -> {
                assertThat(setting.key()).matches("serai\\.[a-z]+\\.name\\.[a-z]+(-[a-z]+)*");
                assertThat(KnownSettings.findByEnvironmentName(setting.environmentName()))
                        .map(Setting::key)
                        .contains(setting.key());
            });
        }
    }
}
