package dev.serai.route;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The camel-http endpoint of {@code POST /connect}. One URI for all calls, so that they share a client and its pool.
 *
 * @param baseUrl without {@code /connect} and without a slash at its end
 * @param connectTimeout to establish a connection
 * @param responseTimeout from the request until the answer, and between parts of the answer
 * @param connections at most open at once
 */
public record ProviderEndpoint(URI baseUrl, Duration connectTimeout, Duration responseTimeout, int connections) {
    /** The bean, a camel-http {@code HttpClientConfigurer}, that adds the API key to what is sent. */
    public static final String CREDENTIALS_BEAN = "providerCredentials";

    /** The bean, a {@code HeaderFilterStrategy}, that lets {@code Retry-After} in and nothing else. */
    public static final String ANSWER_HEADERS_BEAN = "providerAnswerHeaders";

    /** Camel's URI of the endpoint. */
    public String uri() {
        Map<String, Object> parameters = new TreeMap<>();
        parameters.put("httpMethod", "POST");
        parameters.put("throwExceptionOnFailure", false);
        parameters.put("followRedirects", false);
        // Neither headers of the message nor headers that steer camel-http take part in the request.
        parameters.put("skipRequestHeaders", true);
        parameters.put("skipControlHeaders", true);
        parameters.put("headerFilterStrategy", "#" + ANSWER_HEADERS_BEAN);
        parameters.put("httpClientConfigurer", "#" + CREDENTIALS_BEAN);
        parameters.put("connectTimeout", connectTimeout.toMillis());
        parameters.put("connectionRequestTimeout", connectTimeout.toMillis());
        parameters.put("responseTimeout", responseTimeout.toMillis());
        parameters.put("soTimeout", responseTimeout.toMillis());
        parameters.put("maxTotalConnections", connections);
        parameters.put("connectionsPerRoute", connections);
        return baseUrl + "/connect?"
                + parameters.entrySet().stream().map(Map.Entry::toString).collect(Collectors.joining("&"));
    }
}
