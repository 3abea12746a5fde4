package dev.serai.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets Kafka's clients use the token endpoint, and the files of their assertions, that their own properties name.
 *
 * <p>Kafka 4 refuses every address and file of OAUTHBEARER that a system property of the JVM does not list, because
 * some services take client properties from whoever calls them. Here they come from a file of the operator's. What the
 * operator has listed in the system properties stands.
 */
final class TokenEndpoints {
    static final String ALLOWED_URLS = "org.apache.kafka.sasl.oauthbearer.allowed.urls";
    static final String ALLOWED_FILES = "org.apache.kafka.sasl.oauthbearer.allowed.files";

    private static final Logger log = LoggerFactory.getLogger(TokenEndpoints.class);

    private static final List<String> URLS =
            List.of("sasl.oauthbearer.token.endpoint.url", "sasl.oauthbearer.jwks.endpoint.url");

    private static final List<String> FILES = List.of(
            "sasl.oauthbearer.assertion.file",
            "sasl.oauthbearer.assertion.private.key.file",
            "sasl.oauthbearer.assertion.template.file");

    private TokenEndpoints() {}

    /** Sets the two system properties to what these client properties name, where they are not set yet. */
    static void allow(Map<String, Object> clientProperties) {
        allow(ALLOWED_URLS, named(URLS, clientProperties));
        allow(
                ALLOWED_FILES,
                named(FILES, clientProperties).stream()
                        .map(file -> Path.of(file).toAbsolutePath().toString())
                        .toList());
    }

    private static List<String> named(List<String> names, Map<String, Object> properties) {
        return names.stream()
                .map(properties::get)
                .filter(Objects::nonNull)
                .map(value -> value.toString().strip())
                .filter(value -> !value.isEmpty())
                .distinct()
                .toList();
    }

    private static void allow(String systemProperty, List<String> named) {
        if (!named.isEmpty() && System.getProperty(systemProperty) == null) {
            String all = named.stream().collect(Collectors.joining(","));
            System.setProperty(systemProperty, all);
            log.debug("{} is {}", systemProperty, all);
        }
    }
}
