package dev.serai.kafka;

import dev.serai.kafka.ListenerProbe.Seen;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.jspecify.annotations.Nullable;

/**
 * Whether a listener speaks what client properties say, with TLS or without and with which credentials. Stateless.
 *
 * @param clientProperties what a client would be made of
 */
record ListenerFit(Map<String, Object> clientProperties) {
    private static final String FILE = " in serai.kafka.client-properties-file";

    /** What to change; empty if a client may be made, or nobody can know. */
    Optional<String> mistake(String address, Seen what) {
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
}
