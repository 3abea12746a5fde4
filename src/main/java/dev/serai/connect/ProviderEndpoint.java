package dev.serai.connect;

import dev.serai.http.BoundedHttpClient;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The camel-http endpoint of {@code POST /connect} for one account at the provider. One URI for all its calls, so that
 * they share a client and its pool.
 *
 * @param baseUrl without {@code /connect} and without a slash at its end
 * @param clientBean the name of the account's {@link BoundedHttpClient} in Camel's registry
 */
public record ProviderEndpoint(URI baseUrl, String clientBean) {
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
        parameters.put("httpClientConfigurer", "#" + clientBean);
        return baseUrl + "/connect?"
                + parameters.entrySet().stream().map(Map.Entry::toString).collect(Collectors.joining("&"));
    }
}
