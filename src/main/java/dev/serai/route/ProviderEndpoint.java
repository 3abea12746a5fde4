package dev.serai.route;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The camel-http endpoint of {@code POST /connect}. One URI for all calls, so that they share a client and its pool.
 *
 * @param baseUrl without {@code /connect}
 * @param connectTimeout to establish a connection
 * @param responseTimeout from the request until the answer, and between parts of the answer
 * @param connections at most open at once
 */
public record ProviderEndpoint(URI baseUrl, Duration connectTimeout, Duration responseTimeout, int connections) {
    /** The bean, a camel-http {@code HttpClientConfigurer}, that adds the API key to what is sent. */
    public static final String CREDENTIALS_BEAN = "providerCredentials";

    /** The bean, a {@code HeaderFilterStrategy}, that lets {@code Retry-After} in and nothing else. */
    public static final String ANSWER_HEADERS_BEAN = "providerAnswerHeaders";

    String uri() {
        String base = baseUrl.toString();
        String path = base.endsWith("/") ? "connect" : "/connect";
        Map<String, Object> parameters = Map.of(
                "httpMethod",
                "POST",
                "throwExceptionOnFailure",
                false,
                "followRedirects",
                false,
                // Neither headers of the message nor headers that steer camel-http take part in the request.
                "skipRequestHeaders",
                true,
                "skipControlHeaders",
                true,
                "headerFilterStrategy",
                "#" + ANSWER_HEADERS_BEAN,
                "httpClientConfigurer",
                "#" + CREDENTIALS_BEAN,
                "connectTimeout",
                connectTimeout.toMillis(),
                "responseTimeout",
                responseTimeout.toMillis(),
                "maxTotalConnections",
                connections);
        return base + path + "?"
                + parameters.entrySet().stream()
                        .map(parameter -> parameter.getKey() + "=" + parameter.getValue())
                        .sorted()
                        .collect(Collectors.joining("&"))
                + "&connectionRequestTimeout=" + connectTimeout.toMillis()
                + "&soTimeout=" + responseTimeout.toMillis()
                + "&connectionsPerRoute=" + connections;
    }
}
