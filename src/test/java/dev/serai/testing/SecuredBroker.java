package dev.serai.testing;

import dev.serai.trial.broker.EmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.awaitility.Awaitility;

/**
 * A broker with users and rights. Clients log in by SCRAM-SHA-256 or by OAUTHBEARER with a token of a {@link TokenEndpoint},
 * have no right that they were not given, and must authenticate anew every two seconds, so that a changed password is met.
 * Whoever uses the listener without authentication may do everything: it is for the test itself.
 *
 * <p>Thread-safe.
 */
public final class SecuredBroker implements AutoCloseable {
    /** Within which a client meets that its credentials are not good any more. */
    public static final Duration REAUTHENTICATION = Duration.ofSeconds(2);

    /** Of each user of {@link #addUser}. */
    public static final String PASSWORD = "a-password-of-" + UUID.randomUUID();

    private static final Duration VISIBLE = Duration.ofSeconds(20);

    private final EmbeddedBroker broker;
    private final Admin admin;
    private final int saslPort;
    private final int tlsPort;
    private final int saslTlsPort;
    private final Certificates certificates;

    /**
     * A right.
     *
     * @param pattern for a group or a transactional id, all that begin with the name
     */
    public record Right(ResourceType type, String name, PatternType pattern, AclOperation operation) {
        public static Right topic(String name, AclOperation operation) {
            return new Right(ResourceType.TOPIC, name, PatternType.LITERAL, operation);
        }

        public static Right group(String prefix, AclOperation operation) {
            return new Right(ResourceType.GROUP, prefix, PatternType.PREFIXED, operation);
        }

        public static Right transactions(String prefix, AclOperation operation) {
            return new Right(ResourceType.TRANSACTIONAL_ID, prefix, PatternType.PREFIXED, operation);
        }

        private AclBinding of(String user, AclPermissionType permission) {
            return new AclBinding(
                    new ResourcePattern(type, name, pattern),
                    new AccessControlEntry("User:" + user, "*", operation, permission));
        }
    }

    private SecuredBroker(
            EmbeddedBroker broker, int saslPort, int tlsPort, int saslTlsPort, Certificates certificates) {
        this.broker = broker;
        this.saslPort = saslPort;
        this.tlsPort = tlsPort;
        this.saslTlsPort = saslTlsPort;
        this.certificates = certificates;
        admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()));
    }

    /** Starts one, with its data in a folder of its own under {@code target}. */
    public static SecuredBroker start() {
        try {
            Path directory = Files.createTempDirectory(Path.of("target"), "secured-broker");
            Certificates certificates = Certificates.of("ip:127.0.0.1,dns:localhost", directory);
            Path keySet = Files.writeString(directory.resolve("keys.json"), TokenEndpoint.keySet());
            allowKeySet(keySet);
            int plain = freePort();
            int sasl = freePort();
            int tls = freePort();
            int saslTls = freePort();
            EmbeddedBroker broker = EmbeddedBroker.start(
                    directory.resolve("data"), plain, settings(plain, sasl, tls, saslTls, certificates, keySet));
            return new SecuredBroker(broker, sasl, tls, saslTls, certificates);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kafka uses no key set that this property of the JVM does not name. */
    private static synchronized void allowKeySet(Path keySet) {
        String property = "org.apache.kafka.sasl.oauthbearer.allowed.urls";
        String others = System.getProperty(property, "");
        System.setProperty(property, others + "," + keySet.toAbsolutePath().toUri());
    }

    private static Map<String, String> settings(
            int plain, int sasl, int tls, int saslTls, Certificates certificates, Path keySet) {
        String listeners = "PLAINTEXT://127.0.0.1:" + plain + ",SASL://127.0.0.1:" + sasl + ",TLS://127.0.0.1:" + tls
                + ",SASLTLS://127.0.0.1:" + saslTls;
        Map<String, String> settings = new HashMap<>();
        settings.put("listeners", listeners + ",CONTROLLER://127.0.0.1:0");
        settings.put("advertised.listeners", listeners);
        settings.put(
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL:SASL_PLAINTEXT,TLS:SSL,SASLTLS:SASL_SSL");
        settings.put("sasl.enabled.mechanisms", "SCRAM-SHA-256,OAUTHBEARER");
        for (String listener : List.of("sasl", "sasltls")) {
            settings.put(
                    "listener.name." + listener + ".scram-sha-256.sasl.jaas.config",
                    "org.apache.kafka.common.security.scram.ScramLoginModule required;");
            settings.put(
                    "listener.name." + listener + ".oauthbearer.sasl.jaas.config",
                    "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;");
            settings.put(
                    "listener.name." + listener + ".oauthbearer.sasl.server.callback.handler.class",
                    "org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler");
            settings.put(
                    "listener.name." + listener + ".oauthbearer.sasl.oauthbearer.jwks.endpoint.url",
                    keySet.toAbsolutePath().toUri().toString());
        }
        settings.put("connections.max.reauth.ms", Long.toString(REAUTHENTICATION.toMillis()));
        settings.put("ssl.keystore.location", certificates.keyStore().toString());
        settings.put("ssl.keystore.type", "PKCS12");
        settings.put("ssl.keystore.password", Certificates.PASSWORD);
        settings.put("ssl.key.password", Certificates.PASSWORD);
        settings.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        settings.put("super.users", "User:ANONYMOUS");
        return settings;
    }

    /** For clients without authentication, who may do everything. */
    public String openServers() {
        return broker.bootstrapServers();
    }

    /** For {@code SASL_PLAINTEXT}. */
    public String saslServers() {
        return "127.0.0.1:" + saslPort;
    }

    /** For {@code SSL}. Whoever comes this way is anonymous, and may do everything. */
    public String tlsServers() {
        return "127.0.0.1:" + tlsPort;
    }

    /** For {@code SASL_SSL}. */
    public String saslTlsServers() {
        return "127.0.0.1:" + saslTlsPort;
    }

    public Certificates certificates() {
        return certificates;
    }

    /** What a client needs to log in with a password. */
    public static Map<String, String> scram(String user, String password) {
        return Map.of(
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "SCRAM-SHA-256",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + user + "\" password=\""
                        + password + "\";");
    }

    /** Makes the user if there is none of that name. */
    public void setPassword(String user, String password) {
        answer(admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                        user, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096), password)))
                .all());
    }

    /** Makes a user with a password of this broker's, who has these rights and no other. */
    public void addUser(String user, Right... rights) {
        setPassword(user, PASSWORD);
        if (rights.length > 0) {
            allow(user, List.of(rights));
        }
    }

    /** With which a command or a service logs in as a user of {@link #addUser}; the password is in a file in that folder. */
    public List<String> settingsOf(String user, Path directory) {
        return List.of(
                "serai.kafka.bootstrap-servers=" + saslServers(),
                "serai.kafka.client-properties-file=" + file(directory, scram(user, PASSWORD)));
    }

    /** Gives rights, and returns when they count. */
    public void allow(String user, Collection<Right> rights) {
        List<AclBinding> bindings = rights.stream()
                .map(right -> right.of(user, AclPermissionType.ALLOW))
                .toList();
        answer(admin.createAcls(bindings).all());
        bindings.forEach(binding -> awaitThat("ACL " + binding, () -> exists(binding)));
    }

    /** Takes one right away and leaves those that it implies; returns when it counts. */
    public void take(String user, Right right) {
        AclBinding denial = right.of(user, AclPermissionType.DENY);
        answer(admin.createAcls(List.of(denial)).all());
        awaitThat("denial " + denial, () -> exists(denial));
    }

    /** Gives back what {@link #take} took; returns when it counts. */
    public void giveBack(String user, Right right) {
        AclBinding denial = right.of(user, AclPermissionType.DENY);
        answer(admin.deleteAcls(List.of(denial.toFilter())).all());
        awaitThat("end of denial " + denial, () -> !exists(denial));
    }

    private boolean exists(AclBinding binding) {
        return !answer(admin.describeAcls(binding.toFilter()).values()).isEmpty();
    }

    private static void awaitThat(String what, BooleanSupplier holds) {
        Awaitility.await(what)
                .atMost(VISIBLE)
                .pollInterval(Duration.ofMillis(20))
                .until(holds::getAsBoolean);
    }

    private static <T> T answer(KafkaFuture<T> pending) {
        try {
            return pending.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("Kafka did not do it", e);
        }
    }

    /**
     * A port that is free now, for an address that has to be known before its server starts: below those that systems take
     * for outgoing connections, of which tests that run at once make many.
     */
    public static int freePort() {
        return ThreadLocalRandom.current()
                .ints(10_000, 32_000)
                .filter(SecuredBroker::isFree)
                .findFirst()
                .orElseThrow();
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** The properties as a file for {@code serai.kafka.client-properties-file}. */
    public static Path file(Path directory, Map<String, String> properties) {
        List<String> lines = new ArrayList<>();
        properties.forEach((name, value) -> lines.add(name + "=" + value));
        try {
            return Files.write(Files.createTempFile(directory, "client", ".properties"), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        admin.close();
        broker.close();
    }
}
