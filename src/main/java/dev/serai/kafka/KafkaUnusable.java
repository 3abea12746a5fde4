package dev.serai.kafka;

import java.time.Duration;
import java.util.Map;
import javax.security.auth.login.LoginException;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SslAuthenticationException;

/**
 * Says why a Kafka cannot be worked with, and what to look at.
 *
 * @param adminSettings of the client that met it
 * @param timeout that it has for each answer
 */
record KafkaUnusable(Map<String, Object> adminSettings, Duration timeout) {

    TopicSetupException because(KafkaException e, BootstrapServers servers) {
        String kafka = "Kafka at " + ClientProperties.bootstrapServers(adminSettings);
        if (e instanceof RetriableException) {
            return new TopicSetupException(
                    kafka + " did not answer within " + timeout.toMillis() / 1000.0 + " s" + ": "
                            + servers.whyNoAnswer(),
                    e);
        }
        if (e instanceof SslAuthenticationException) {
            return new TopicSetupException(
                    kafka + " and this client do not agree on TLS: "
                            + ExceptionUtils.getRootCause(e).getMessage()
                            + "; check ssl.truststore.location, ssl.keystore.location and the name that the"
                            + " certificate is for, in serai.kafka.client-properties-file",
                    e);
        }
        if (e instanceof AuthenticationException) {
            return new TopicSetupException(
                    kafka + " refused this client's credentials: " + e.getMessage()
                            + "; check sasl.mechanism and sasl.jaas.config in serai.kafka.client-properties-file",
                    e);
        }
        if (ExceptionUtils.indexOfType(e, LoginException.class) >= 0) {
            Object endpoint = adminSettings.get(SaslConfigs.SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL);
            return new TopicSetupException(
                    "this client cannot log in at " + kafka + ": "
                            + ExceptionUtils.getRootCause(e).getMessage() + "; check "
                            + (endpoint == null ? "" : "sasl.oauthbearer.token.endpoint.url (" + endpoint + ") and ")
                            + "sasl.jaas.config in serai.kafka.client-properties-file",
                    e);
        }
        return new TopicSetupException(
                kafka + " cannot be used: " + ExceptionUtils.getRootCause(e).getMessage(), e);
    }
}
