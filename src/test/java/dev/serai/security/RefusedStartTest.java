package dev.serai.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.serai.cli.ExitCode;
import dev.serai.kafka.ConversationTopicSetup;
import dev.serai.kafka.ConversationTopics;
import dev.serai.kafka.TopicSetupException;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Certificates;
import dev.serai.testing.ConnectionServer;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.SecuredBroker;
import dev.serai.testing.SecuredBroker.Right;
import dev.serai.trial.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A client that the cluster's ports are not for: the start ends at once, and says what to change. What the look at Kafka's
 * topics says, which every start and every check begins with, is looked at in this process; that {@code serai run} ends with
 * it, without a stack trace and without the password, in processes.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
@LeftToCi
class RefusedStartTest {
    private static final String USER = "starts";
    private static final String PASSWORD = "a-password-of-this-test";

    /** For Kafka's client, which tries so long before anybody looks why. */
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private static final ConversationTopics TOPICS = new ConversationTopics(
            "conversation.start",
            List.of("conversation.replies"),
            "conversation.dead-letters",
            "conversation.sessions",
            List.of(),
            1,
            Duration.ofHours(1),
            Duration.ofDays(1));

    @TempDir
    private static Path directory;

    @AutoClose
    private static SecuredBroker broker;

    @BeforeAll
    static void start() {
        broker = SecuredBroker.start();
        broker.setPassword(USER, PASSWORD);
    }

    /** Kafka's client would take the first bytes of the answer for a size, and memory would run out. */
    @Test
    void plainClient_onATlsPort_isToldToUseTls() throws Exception {
        assertRunEnds(
                broker.tlsServers(),
                Map.of(),
                "speaks TLS",
                "security.protocol is not set, which means PLAINTEXT",
                "security.protocol=SSL");
    }

    @Test
    void plainSaslClient_onATlsPort_isToldToUseTls() throws Exception {
        assertRefused(
                broker.saslTlsServers(),
                SecuredBroker.scram(USER, PASSWORD),
                "speaks TLS",
                "security.protocol is SASL_PLAINTEXT",
                "security.protocol=SASL_SSL");
    }

    @Test
    void tlsClient_onAPlainPort_isToldToUseNoTls() throws Exception {
        assertRefused(
                broker.openServers(), trusting("SSL", Map.of()), "speaks no TLS", "set security.protocol=PLAINTEXT");
    }

    @Test
    void tlsClient_onASaslPort_isToldToUseSasl() throws Exception {
        assertRefused(
                broker.saslServers(),
                trusting("SSL", Map.of()),
                "speaks no TLS",
                "set security.protocol=SASL_PLAINTEXT");
    }

    @Test
    void saslClient_onAPortWithoutSasl_isToldToUseNone() throws Exception {
        assertRefused(
                broker.openServers(),
                SecuredBroker.scram(USER, PASSWORD),
                "takes no SASL credentials",
                "set security.protocol=PLAINTEXT");
    }

    @Test
    void plainClient_onASaslPort_isToldToUseSasl() throws Exception {
        assertRefused(
                broker.saslServers(),
                Map.of(),
                "asks for SASL credentials",
                "SCRAM-SHA-256",
                "set security.protocol=SASL_PLAINTEXT, sasl.mechanism and sasl.jaas.config");
    }

    @Test
    void saslClient_withAnotherMechanism_isToldWhichThereAre() throws Exception {
        Map<String, String> plain = new HashMap<>(SecuredBroker.scram(USER, PASSWORD));
        plain.put("sasl.mechanism", "PLAIN");
        plain.put(
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + USER + "\" password=\""
                        + PASSWORD + "\";");

        assertRefused(broker.saslServers(), plain, "does not offer sasl.mechanism=PLAIN, but", "SCRAM-SHA-256");
    }

    @Test
    void wrongPassword_isNamedAsSuch() throws Exception {
        String log = assertRunEnds(
                broker.saslServers(),
                SecuredBroker.scram(USER, "wrong"),
                "refused this client's credentials",
                "sasl.jaas.config");

        assertThat(log).doesNotContain("\"wrong\"", "password=");
    }

    @Test
    void certificateThatIsNotTrusted_isNamedAsSuch() throws Exception {
        assertRefused(
                broker.tlsServers(),
                Map.of("security.protocol", "SSL"),
                "do not agree on TLS",
                "ssl.truststore.location");
    }

    @Test
    void hostWithoutAnAddress_isNamed() throws Exception {
        assertRefused("kafka.invalid:9092", Map.of(), "kafka.invalid:9092", "no address for that name");
    }

    @Test
    void serverThatIsNotKafka_isNamedAsSuch() throws Exception {
        try (ConnectionServer server =
                new ConnectionServer(connection -> connection.write("HTTP/1.1 400 Bad Request\n\n"))) {
            assertRefused("127.0.0.1:" + server.port(), Map.of(), "not as Kafka does", "KAFKA_BOOTSTRAP_SERVERS");
        }
    }

    @Test
    void advertisedAddressThatDoesNotWork_isNamed() throws Exception {
        int port = SecuredBroker.freePort();
        try (EmbeddedBroker elsewhere = EmbeddedBroker.start(
                directory.resolve("elsewhere"),
                port,
                Map.of("advertised.listeners", "PLAINTEXT://kafka-1.invalid:9092"))) {
            assertRefused(elsewhere.bootstrapServers(), Map.of(), "kafka-1.invalid:9092", "advertised.listeners");
        }
    }

    @Test
    void tlsClientWithoutCredentials_onASaslPort_isToldWhatItMayBe() throws Exception {
        assertRefused(broker.saslTlsServers(), trusting("SSL", Map.of()), "hangs up", "security.protocol=SASL_SSL");
    }

    @Test
    void missingRightToTransactions_isNamed() throws Exception {
        for (String topic : List.of("start", "replies", "dead-letters", "sessions")) {
            broker.allow(USER, List.of(Right.topic("conversation." + topic, AclOperation.ALL)));
        }
        broker.allow(USER, List.of(Right.group("serai", AclOperation.ALL)));

        assertRunEnds(
                broker.saslServers(),
                SecuredBroker.scram(USER, PASSWORD),
                "allow this client to WRITE and DESCRIBE that TransactionalId",
                "kafka-acls.sh");
    }

    private static Map<String, String> trusting(String protocol, Map<String, String> further) throws Exception {
        Map<String, String> properties = new HashMap<>(further);
        properties.put("security.protocol", protocol);
        properties.put(
                "ssl.truststore.location",
                broker.certificates()
                        .trustStore("PKCS12", directory.resolve("trust.p12"))
                        .toString());
        properties.put("ssl.truststore.password", Certificates.PASSWORD);
        return properties;
    }

    private static void assertRefused(String servers, Map<String, String> clientProperties, String... parts) {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put("bootstrap.servers", servers);
        ConversationTopicSetup setup = new ConversationTopicSetup(properties, true, PATIENCE);

        assertThatExceptionOfType(TopicSetupException.class)
                .isThrownBy(() -> setup.ensure(TOPICS))
                .satisfies(refusal -> assertThat(refusal.getMessage()).contains(parts));
    }

    /** Its log. */
    private static String assertRunEnds(String servers, Map<String, String> clientProperties, String... parts)
            throws Exception {
        try (JavaProcess run = run(servers, clientProperties)) {
            assertThat(run.exitCode()).as(run::errors).isEqualTo(ExitCode.REFUSED);
            String log = run.errors();
            assertThat(log).contains("serai: ").doesNotContain("OutOfMemory");
            // Kafka's own classes log with a stack trace; what is said at the end has none.
            assertThat(log.substring(log.lastIndexOf("serai: ")))
                    .contains(parts)
                    .doesNotContain("\tat ");
            return log;
        }
    }

    private static JavaProcess run(String servers, Map<String, String> clientProperties) {
        List<String> arguments = new ArrayList<>(List.of("run"));
        for (String setting : List.of(
                "serai.kafka.bootstrap-servers=" + servers,
                "serai.kafka.client-properties-file=" + SecuredBroker.file(directory, clientProperties),
                "serai.http.port=0")) {
            arguments.add("--set");
            arguments.add(setting);
        }
        return JavaProcess.startSerai(Map.of("CONVAI_API_KEY", "k"), arguments.toArray(String[]::new));
    }
}
