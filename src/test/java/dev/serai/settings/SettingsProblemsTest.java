package dev.serai.settings;

import static dev.serai.settings.Loading.problemsOfCommandLine;
import static dev.serai.settings.Loading.problemsOfEnvironment;
import static dev.serai.settings.Loading.problemsOfFile;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class SettingsProblemsTest {
    @TempDir
    Path directory;

    @Test
    void mistakes_areReportedAllAtOnce() {
        Path file = Loading.write(
                directory.resolve("application.properties"),
                "serai.kafka.start-topik=a",
                "serai.kafka.partitions=0",
                "serai.connect.api-key=leaked",
                "serai.connect.initial-backoff=20s");
        Map<String, String> environment = Map.of("SERAI_HTTP_PORT", "70000", "CONVAI_BASE_URL", "https://a.example");
        Map<String, String> commandLine = Map.of("serai.conversation.ttl", "soon");

        assertThatThrownBy(() -> Settings.load(environment, file, commandLine))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessage(String.join(
                                "\n  - ",
                                "7 mistakes in the settings:",
                                "unknown setting serai.kafka.start-topik in PATH: did you mean serai.kafka.start-topic?",
                                "serai.connect.api-key must not be set in PATH, where others can read it: set the environment"
                                        + " variable CONVAI_API_KEY, or CONVAI_API_KEY_FILE to a file that holds it",
                                "serai.kafka.partitions must be from 1 to 1000, was \"0\" (file PATH)",
                                "serai.conversation.ttl must be a duration such as 500ms, 2s, 10m, 1h, 30d or PT2S, was"
                                        + " \"soon\" (command line)",
                                "serai.http.port must be from 0 to 65535, was \"70000\" (environment SERAI_HTTP_PORT)",
                                "serai.connect.base-url is set (environment CONVAI_BASE_URL) and no API key is: set"
                                        + " CONVAI_API_KEY or CONVAI_API_KEY_FILE, or remove the URL to use the stand-in",
                                "serai.connect.initial-backoff must be at most serai.connect.max-backoff (8s, default), was"
                                        + " \"20s\" (file PATH)")
                        .replace("PATH", file.toString()));
    }

    /** Issue 17: both values, whoever of the two is a tenant's own. */
    @Test
    void liveReserve_mustBeBelowMaxSessions_whereThatIsSet() throws Exception {
        assertThatThrownBy(() -> Settings.load(
                        Map.of("CONVAI_API_KEY", "a", "SERAI_TENANTS_ACME_API_KEY", "b"),
                        null,
                        Map.of(
                                "serai.connect.live-reserve", "5",
                                "serai.connect.max-sessions", "5",
                                "serai.tenants.acme.max-sessions", "2")))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("serai.connect.live-reserve must be below serai.connect.max-sessions (5, command"
                        + " line), was 5 (command line)")
                .hasMessageContaining("serai.tenants.acme.live-reserve must be below serai.tenants.acme.max-sessions"
                        + " (2, command line), was 5 (as serai.connect.live-reserve)");
        Settings.load(Map.of("CONVAI_API_KEY", "a"), null, Map.of("serai.connect.live-reserve", "5"));
    }

    /** The variable that was meant is often what the mistake is about. */
    @Test
    void mistakes_standBesideWhatOnlyLooksLikeOne() {
        Map<String, String> environment =
                Map.of("KAFKA_BOOTSTRAP_SERVERS", "kafka:9092", "SERAI_CONNECT_STANDIN", "true");

        assertThatThrownBy(() -> Settings.loadForService(environment, null, Map.of()))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageStartingWith("1 mistake in the settings:\n  - a Kafka is named")
                .hasMessageEndingWith("\nand beside them:\n  - unknown environment variable SERAI_CONNECT_STANDIN:"
                        + " did you mean SERAI_CONNECT_STAND_IN?");
    }

    @ParameterizedTest
    @CsvSource({
        "serai.kafka.startTopic, did you mean serai.kafka.start-topic?",
        "serai.conversation.tll, did you mean serai.conversation.ttl?",
        "serai.start-topic, did you mean serai.kafka.start-topic?",
        "serai.timeout, config/README.md lists all settings",
        "serai.sources.crm.baseUrl, did you mean serai.sources.crm.base-url?",
        "serai.source.crm.query, did you mean serai.sources.crm.query?",
        "serai.sources.crm, config/README.md lists all settings",
        "serai.tenants.north.api-keyfile, did you mean serai.tenants.north.api-key-file?",
        "serai.tenants.north.maxConcurrent, did you mean serai.tenants.north.max-concurrent?",
        "serai.tenant.north.rate, did you mean serai.tenants.north.rate?",
        "serai.tenants.north.connect-timeout, did you mean serai.connect.connect-timeout?",
        "serai.tenants.north.weather-forecast, config/README.md lists all settings",
        "serai.tenants.north, config/README.md lists all settings",
        "serai.tenants..rate, did you mean serai.connect.rate?",
        "serai.weather, config/README.md lists all settings"
    })
    void unknownKey_isReportedWithTheNearest(String key, String advice) {
        assertThat(problemsOfCommandLine(Map.of(key, "never shown")))
                .containsExactly("unknown setting " + key + " on the command line: " + advice);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    serai.kafka.bootstrap-servers      | kafka        | must be host:port pairs joined by commas
                    serai.kafka.bootstrap-servers      | a:1,b:70000  | must be host:port pairs joined by commas
                    serai.kafka.reply-topic            | ..           | must be a topic name
                    serai.kafka.reply-topic            | a/b          | must be a topic name
                    serai.kafka.partitions             | many         | must be a whole number
                    serai.kafka.partitions             | 1001         | must be from 1 to 1000
                    serai.kafka.create-topics          | yes          | must be true or false
                    serai.conversation.ttl             | 90           | must have a unit, for example 90ms or 90s
                    serai.conversation.ttl             | 999ms        | must be at least 1s
                    serai.conversation.ttl             | 8d           | must be at most 7d
                    serai.conversation.max-event-bytes | 17MiB        | must be at most 16MiB
                    serai.conversation.max-event-bytes | 1MB          | must be a size such as 262144, 256KiB or 1MiB
                    serai.connect.base-url             | ftp://a      | must begin with http:// or https://
                    serai.reply.cloudevents-source     | a b          | must be a URI or a reference to one
                    serai.connect.base-url             | scenes:80    | must begin with http:// or https://
                    serai.connect.base-url             | http://a b   | must be a URL such as https://host.example
                    serai.connect.base-url             | http://a_b:1 | must have a valid host
                    serai.connect.base-url             | http://a:0   | must have a valid host, and a port from 1 to 65535
                    serai.enrich.scene-source          | two words    | must be a name without blanks
                    serai.enrich.max-scene-elements    | 1001         | must be from 1 to 1000
                    serai.enrich.max-name-characters   | 0            | must be from 1 to 1000
                    serai.enrich.max-description-characters | 20001   | must be from 1 to 20000
                    serai.enrich.max-scene-characters  | 200001       | must be from 1 to 200000
                    serai.enrich.max-text-characters   | 200001       | must be from 1 to 200000
                    serai.conversation.max-clock-skew  | 11m          | must be at most 10m
                    serai.connect.rate                 | fast         | must be a number such as 20 or 0.5
                    serai.connect.rate                 | 1e3          | must be a number such as 20 or 0.5
                    serai.connect.rate                 | NaN          | must be a number such as 20 or 0.5
                    serai.connect.rate                 | -0.5         | must be from 0 to 10000
                    serai.connect.rate                 | 10000.1      | must be from 0 to 10000
                    serai.connect.burst                | 0            | must be from 1 to 10000
                    serai.connect.on-unknown-outcome   | ignore       | must be retry or reject
                    serai.connect.trust-store          | not/there    | must be a file that exists
                    serai.connect.proxy                | https://p:1  | must begin with http://
                    serai.connect.proxy                | p:3128       | must begin with http://
                    serai.connect.proxy                | http://p     | must have a valid host and a port from 1 to 65535
                    serai.connect.proxy                | http://p:0   | must have a valid host and a port from 1 to 65535
                    serai.connect.proxy                | http://p:1/a | must have no path
                    serai.connect.allowed-options      | debug,speaker_id | has an item that must not be speaker_id
                    serai.reply.allowed-topics         | good,b@d     | has an item that must be a topic name
                    serai.http.host                    | a host       | must be a host name or an IP address
                    serai.routes-dir                   | not/there    | must be a directory that exists
                    serai.kafka.client-properties-file | not/there    | must be a file that exists
                    """)
    void valueOutOfBounds_isReportedWithTheBoundAndTheValue(String key, String value, String bound) {
        assertThat(problemsOfCommandLine(Map.of(key, value))).anySatisfy(problem -> assertThat(problem)
                .startsWith(key + " " + bound)
                .contains(", was \"" + value + "\" (command line)"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"serai.routes-dir", "serai.connect.trust-store", "serai.connect.api-key-file"})
    void pathThatIsNotThere_isReportedAsItWasGivenAndAsItWasLookedFor(String key) {
        assertThat(problemsOfCommandLine(Map.of(key, "./secrets/there")))
                .singleElement()
                .asString()
                .endsWith(", was \"./secrets/there\" (command line), which is "
                        + Path.of("secrets", "there").toAbsolutePath());
    }

    @ParameterizedTest
    @CsvSource({
        "serai.connect.initial-backoff, 9s, serai.connect.max-backoff, 8s",
        "serai.connect.gate.outage-probe, 16s, serai.connect.gate.max-outage-probe, 15s",
        "serai.connect.response-timeout, 16s, serai.connect.total-timeout, 15s"
    })
    void durationAboveItsMost_isReportedWithBoth(String shorter, String value, String longer, String most) {
        assertThat(problemsOfCommandLine(Map.of(shorter, value)))
                .containsExactly(shorter + " must be at most " + longer + " (" + most + ", default), was \"" + value
                        + "\" (command line)");
        assertThat(problemsOfCommandLine(Map.of(shorter, value, longer, value))).isEmpty();
    }

    @Test
    void trustStorePassword_needsATrustStore() {
        assertThat(problemsOfEnvironment(Map.of("SERAI_CONNECT_TRUST_STORE_PASSWORD", "x")))
                .containsExactly("serai.connect.trust-store-password is set (environment"
                        + " SERAI_CONNECT_TRUST_STORE_PASSWORD) and serai.connect.trust-store is not: set"
                        + " SERAI_CONNECT_TRUST_STORE, or remove serai.connect.trust-store-password");
    }

    @Test
    void proxyUser_needsAProxyAndAPassword() {
        assertThat(problemsOfEnvironment(Map.of("SERAI_CONNECT_PROXY_USER", "u")))
                .containsExactly(
                        "serai.connect.proxy-user is set (environment SERAI_CONNECT_PROXY_USER) and serai.connect.proxy"
                                + " is not: set SERAI_CONNECT_PROXY, or remove serai.connect.proxy-user",
                        "serai.connect.proxy-user is set (environment SERAI_CONNECT_PROXY_USER) and"
                                + " serai.connect.proxy-password is not: set SERAI_CONNECT_PROXY_PASSWORD, or remove"
                                + " serai.connect.proxy-user");
    }

    @Test
    void proxyPassword_needsAUser() {
        assertThat(problemsOfEnvironment(
                        Map.of("SERAI_CONNECT_PROXY", "http://p:1", "SERAI_CONNECT_PROXY_PASSWORD", "x")))
                .containsExactly("serai.connect.proxy-password is set (environment SERAI_CONNECT_PROXY_PASSWORD) and"
                        + " serai.connect.proxy-user is not: set SERAI_CONNECT_PROXY_USER, or remove"
                        + " serai.connect.proxy-password");
    }

    @Test
    void topics_mustDiffer() {
        assertThat(problemsOfCommandLine(Map.of("serai.kafka.reply-topic", "conversation.start")))
                .containsExactly("serai.kafka.start-topic and serai.kafka.reply-topic must differ, both are"
                        + " \"conversation.start\" (default; command line): rename one of them");
    }

    @ParameterizedTest
    @ValueSource(strings = {"correlation-headers", "topic-headers", "partition-headers"})
    void headerOfRequests_thatOnlyTheServiceSets_isRefused(String setting) {
        assertThat(problemsOfCommandLine(Map.of("serai.reply." + setting, "ticket,Serai-Status")))
                .containsExactly("serai.reply." + setting + " must not name headers that begin with serai-, which only"
                        + " this service sets, has Serai-Status (command line): take them out of the list");
    }

    /** Results in the inbox would become jobs, whose results become jobs. */
    @ParameterizedTest
    @ValueSource(strings = {"in", "./in", "other/../in", "in/", "link", "parent/in"})
    void inboxAndOutbox_mustBeTwoFolders_howeverTheyAreWritten(String outbox) throws Exception {
        Files.createDirectory(directory.resolve("in"));
        Files.createSymbolicLink(directory.resolve("link"), directory.resolve("in"));
        Files.createSymbolicLink(directory.resolve("parent"), directory);

        assertThat(problemsOfCommandLine(folders(directory.resolve("in").toString(), directory + "/" + outbox)))
                .singleElement()
                .asString()
                .startsWith("serai.provision.inbox and serai.provision.outbox must differ, both are ");
    }

    @Test
    void inboxAndOutbox_thatAreNotMadeYet_mustBeTwoFolders() throws Exception {
        Files.createSymbolicLink(directory.resolve("parent"), directory);

        assertThat(problemsOfCommandLine(
                        folders("not-made", Path.of("not-made").toAbsolutePath().toString())))
                .singleElement()
                .asString()
                .contains("must differ");
        assertThat(problemsOfCommandLine(folders(directory + "/not-made", directory + "/parent/not-made")))
                .hasSize(1);
        Files.createSymbolicLink(directory.resolve("link"), Path.of("not-made"));
        assertThat(problemsOfCommandLine(folders(directory + "/not-made", directory + "/link")))
                .as("a link to what is not made yet")
                .hasSize(1);
        assertThat(problemsOfCommandLine(folders(directory + "/in", directory + "/parent/out")))
                .isEmpty();
    }

    private static Map<String, String> folders(String inbox, String outbox) {
        return Map.of("serai.provision.inbox", inbox, "serai.provision.outbox", outbox);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[::1", "::1]", "a:b", ":::", "[127.0.0.1]"})
    void hostThatIsNone_isNamed(String host) {
        assertThat(problemsOfCommandLine(Map.of("serai.http.host", host)))
                .containsExactly("serai.http.host must be a host name or an IP address, for example 127.0.0.1, was \""
                        + host + "\" (command line)");
    }

    @Test
    void clientPropertiesThatCannotBeRead_areNamed() {
        Path client = Loading.write(directory.resolve("client.properties"), "password=\\u12");

        assertThat(problemsOfCommandLine(Map.of(
                        "serai.kafka.client-properties-file",
                        client.toString(),
                        "serai.kafka.bootstrap-servers",
                        "a:1",
                        "serai.connect.stand-in",
                        "true")))
                .containsExactly(
                        "serai.kafka.client-properties-file must be a file of properties as Java reads them, and"
                                + " has a \\u without four hexadecimal digits, was \"" + client + "\" (command line)");
    }

    @Test
    void allowedReplyTopics_mustNotNameTheStartTopic() {
        assertThat(problemsOfCommandLine(Map.of("serai.reply.allowed-topics", "other,conversation.start")))
                .containsExactly("serai.reply.allowed-topics must not name the topic of serai.kafka.start-topic, has"
                        + " \"conversation.start\" (command line): take it out of the list");
    }

    @Test
    void clientProperties_needABroker() {
        Path client = Loading.write(directory.resolve("client.properties"), "security.protocol=SSL");

        assertThat(problemsOfCommandLine(Map.of("serai.kafka.client-properties-file", client.toString())))
                .containsExactly("serai.kafka.client-properties-file is set (command line) and no broker is: set"
                        + " KAFKA_BOOTSTRAP_SERVERS, or remove it to use the embedded broker");
    }

    @Test
    void ports_mustDifferWhenTheBrokerIsEmbedded() {
        Map<String, String> samePorts = Map.of("SERAI_HTTP_PORT", "19092");

        assertThat(problemsOfEnvironment(samePorts))
                .containsExactly("serai.http.port and serai.embedded.port must differ, both are 19092 (environment"
                        + " SERAI_HTTP_PORT; default): change one of them");
        assertThat(problemsOfEnvironment(Map.of("SERAI_HTTP_PORT", "19092", "KAFKA_BOOTSTRAP_SERVERS", "a:1")))
                .isEmpty();
    }

    @Test
    void dataDirectory_mustNotBeAFile() {
        Path file = Loading.write(directory.resolve("data"), "");

        assertThat(problemsOfCommandLine(Map.of("serai.data-dir", file.toString())))
                .containsExactly(
                        "serai.data-dir must be a directory, and is a file, was \"" + file + "\" (command line)");
    }

    @Test
    void environmentVariableInTheFile_isReported() {
        Path file = directory.resolve("application.properties");

        assertThat(problemsOfFile(file, "CONVAI_API_KEY=leaked"))
                .containsExactly("CONVAI_API_KEY is an environment variable and has no effect in " + file
                        + ": set it in the environment, or see config/README.md for its key");
    }

    @Test
    void keySetTwiceInTheFile_isReported() {
        Path file = directory.resolve("application.properties");

        assertThat(problemsOfFile(file, "serai.http.port=1", "serai.http.port=2"))
                .containsExactly(
                        "serai.http.port is set twice in " + file + ", to different values: remove one of the lines");
    }

    @Test
    void fileInAnotherEncoding_isReported() throws Exception {
        Path file = directory.resolve("application.properties");
        Files.write(file, "serai.kafka.group-id=größe".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(Loading.problems(Map.of(), file, Map.of()))
                .containsExactly(file + " must be UTF-8: save it in that encoding");
    }

    /** A secret that failed to mount must not turn callers' rooms into those of the stand-in. */
    @ParameterizedTest
    @ValueSource(strings = {"", "CONVAI_API_KEY", "CONVAI_API_KEY_FILE", "SERAI_TENANTS_NORTH_API_KEY"})
    void namedKafkaWithoutAKey_isReportedToTheService(String emptyVariable) {
        Map<String, String> environment = new HashMap<>(Map.of("KAFKA_BOOTSTRAP_SERVERS", "kafka:9092"));
        if (!emptyVariable.isEmpty()) {
            environment.put(emptyVariable, "");
        }

        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() -> Settings.loadForService(environment, null, Map.of()))
                .satisfies(e -> assertThat(e.problems())
                        .containsExactly("a Kafka is named (serai.kafka.bootstrap-servers, environment"
                                + " KAFKA_BOOTSTRAP_SERVERS) and no API key is: set CONVAI_API_KEY or"
                                + " CONVAI_API_KEY_FILE (empty counts as not set), or, to have the stand-in answer with"
                                + " rooms that are none, SERAI_CONNECT_STAND_IN=true"));
    }

    /** Commands that only look into Kafka need no provider. */
    @Test
    void namedKafkaWithoutAKey_isNoProblemForOthers() {
        assertThat(Loading.problems(Map.of("KAFKA_BOOTSTRAP_SERVERS", "kafka:9092"), null, Map.of()))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONVAI_API_KEY=k", "SERAI_TENANTS_NORTH_API_KEY=k", "SERAI_CONNECT_STAND_IN=true"})
    void namedKafkaWithSomebodyWhoAnswers_isNoProblem(String variable) throws Exception {
        String[] parts = variable.split("=", 2);

        Settings.loadForService(Map.of("KAFKA_BOOTSTRAP_SERVERS", "kafka:9092", parts[0], parts[1]), null, Map.of());
    }

    @Test
    void nothingNamed_isNoProblem() throws Exception {
        Settings.loadForService(Map.of("SERAI_CONNECT_STAND_IN", "false"), null, Map.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONVAI_API_KEY", "SERAI_TENANTS_NORTH_API_KEY"})
    void standInBesideAKey_isReported(String key) {
        assertThat(problemsOfEnvironment(Map.of("SERAI_CONNECT_STAND_IN", "true", key, "k")))
                .containsExactly("serai.connect.stand-in is true (environment SERAI_CONNECT_STAND_IN) and an API key is"
                        + " set: remove one of them, for the stand-in answers instead of the provider");
    }

    @Test
    void valueWithControlCharacters_staysOnOneLine() {
        assertThat(problemsOfCommandLine(Map.of("serai.kafka.reply-topic", "a\nforged log line")))
                .singleElement()
                .asString()
                .endsWith("was \"a\\u000aforged log line\" (command line)");
    }
}
