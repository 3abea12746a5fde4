package dev.serai.kafka;

import dev.serai.kafka.ListenerProbe.Seen;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * The servers that client properties name, looked at before a client is made of them: a client whose
 * {@code security.protocol} is not the port's either runs out of memory or says no more than that nobody answers.
 * Immutable.
 */
public final class BootstrapServers {
    private static final String FILE = " in serai.kafka.client-properties-file";

    private final Map<String, Object> clientProperties;
    private final Map<String, Seen> seen;

    private BootstrapServers(Map<String, Object> clientProperties, Map<String, Seen> seen) {
        this.clientProperties = clientProperties;
        this.seen = seen;
    }

    /** Looks at all of them at once, which takes at most 9 s and among working brokers some milliseconds. */
    public static BootstrapServers look(Map<String, Object> clientProperties) throws InterruptedException {
        List<String> addresses = addresses(clientProperties);
        try (ExecutorService probes = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Seen>> tasks = new ArrayList<>();
            addresses.forEach(address -> tasks.add(() -> probe(address)));
            List<Future<Seen>> answers = probes.invokeAll(tasks);
            Map<String, Seen> seen = new LinkedHashMap<>();
            for (int i = 0; i < addresses.size(); i++) {
                seen.put(addresses.get(i), answers.get(i).get());
            }
            return new BootstrapServers(Map.copyOf(clientProperties), seen);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a probe failed", e.getCause());
        }
    }

    private static Seen probe(String address) {
        String host = Utils.getHost(address);
        Integer port = Utils.getPort(address);
        // What is no address at all is for the client to name.
        return host == null || port == null ? new Seen.Mute() : ListenerProbe.look(host, port);
    }

    private static List<String> addresses(Map<String, Object> clientProperties) {
        return Arrays.stream(ClientProperties.bootstrapServers(clientProperties).split(",", -1))
                .map(String::strip)
                .filter(address -> !address.isEmpty())
                .distinct()
                .toList();
    }

    /**
     * Returns if a client may be made.
     *
     * @throws TopicSetupException if one of them speaks something else than the client properties say, or if none of
     *     their names has an address; with what to change
     */
    public void requireFitting() {
        seen.forEach((address, what) -> mistake(address, what).ifPresent(text -> {
            throw new TopicSetupException(text, null);
        }));
        if (!seen.isEmpty() && seen.values().stream().allMatch(Seen.Unresolved.class::isInstance)) {
            throw new TopicSetupException(
                    "Kafka at " + String.join(",", seen.keySet())
                            + " cannot be found: this host's name service has no address for "
                            + (seen.size() == 1 ? "that name" : "any of these names")
                            + "; check KAFKA_BOOTSTRAP_SERVERS, and the name service",
                    null);
        }
    }

    private Optional<String> mistake(String address, Seen what) {
        SecurityProtocol protocol = protocol();
        if (protocol == null) {
            return Optional.empty(); // the client names the value
        }
        boolean tls = protocol == SecurityProtocol.SSL || protocol == SecurityProtocol.SASL_SSL;
        boolean sasl = protocol == SecurityProtocol.SASL_PLAINTEXT || protocol == SecurityProtocol.SASL_SSL;
        String kafka = "Kafka at " + address + " ";
        return Optional.ofNullable(
                switch (what) {
                    case Seen.Tls ignored ->
                        tls
                                ? null
                                : kafka + "speaks TLS, and " + says(protocol) + ": set security.protocol="
                                        + (sasl ? "SASL_SSL" : "SSL or, if it asks for credentials, SASL_SSL") + FILE;
                    case Seen.Foreign ignored ->
                        address
                                + " answers, but not as Kafka does: check that KAFKA_BOOTSTRAP_SERVERS names a listener"
                                + " for Kafka's clients";
                    case Seen.Plain plain -> plainMistake(kafka, plain.mechanisms(), tls, sasl, says(protocol));
                    case Seen.Mute ignored -> null;
                    case Seen.Unreachable ignored -> null;
                    case Seen.Unresolved ignored -> null;
                });
    }

    private @Nullable String plainMistake(
            String kafka, List<String> mechanisms, boolean tls, boolean sasl, String says) {
        if (tls) {
            return kafka + "speaks no TLS, and " + says + ": set security.protocol="
                    + (mechanisms.isEmpty() ? "PLAINTEXT" : "SASL_PLAINTEXT") + FILE
                    + ", or name its listener with TLS";
        }
        if (!sasl) {
            return mechanisms.isEmpty()
                    ? null
                    : kafka + "asks for SASL credentials (" + String.join(", ", mechanisms) + "), and " + says
                            + ": set security.protocol=SASL_PLAINTEXT, sasl.mechanism and sasl.jaas.config" + FILE;
        }
        if (mechanisms.isEmpty()) {
            return kafka + "takes no SASL credentials, and " + says + ": set security.protocol=PLAINTEXT" + FILE
                    + ", or name its listener with SASL";
        }
        return mechanisms.contains(mechanism())
                ? null
                : kafka + "does not offer sasl.mechanism=" + mechanism() + ", but " + String.join(", ", mechanisms)
                        + ": set one of these" + FILE;
    }

    private String says(SecurityProtocol protocol) {
        return "security.protocol is "
                + (clientProperties.containsKey(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG)
                        ? protocol.name
                        : "not set, which means " + protocol.name);
    }

    private @Nullable SecurityProtocol protocol() {
        Object named = clientProperties.getOrDefault(
                CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, CommonClientConfigs.DEFAULT_SECURITY_PROTOCOL);
        try {
            return SecurityProtocol.forName(named.toString().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private String mechanism() {
        return String.valueOf(
                clientProperties.getOrDefault(SaslConfigs.SASL_MECHANISM, SaslConfigs.DEFAULT_SASL_MECHANISM));
    }

    /**
     * Why a client got no answer, as far as that can be found out now, and what to do; takes some seconds. Kafka's
     * clients say "timed out" for all of it.
     */
    String whyNoAnswer() {
        List<String> reasons = new ArrayList<>();
        seen.forEach((address, what) -> {
            switch (what) {
                case Seen.Unresolved ignored -> reasons.add(address + " has no address");
                case Seen.Unreachable unreachable -> reasons.add(address + ": " + unreachable.reason());
                case Seen.Mute ignored ->
                    reasons.add(
                            address
                                    + " takes connections and does not answer: it is overloaded, or no listener for Kafka's clients");
                case Seen.Tls ignored ->
                    AdvertisedBrokers.trouble(clientProperties, address).ifPresent(reasons::add);
                case Seen.Plain ignored ->
                    AdvertisedBrokers.trouble(clientProperties, address).ifPresent(reasons::add);
                case Seen.Foreign ignored -> reasons.add(address + " is not Kafka");
            }
        });
        String check = "check that it runs and that KAFKA_BOOTSTRAP_SERVERS names it";
        return reasons.isEmpty() ? check : String.join("; ", reasons) + ". Otherwise " + check;
    }
}
