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
    /** The bean, {@link ProviderHeaders}, that says which headers go out and come in. */
    public static final String HEADERS_BEAN = "providerHeaders";

    /** Camel's URI of the endpoint. */
    public String uri() {
        Map<String, Object> parameters = new TreeMap<>();
        parameters.put("httpMethod", "POST");
        parameters.put("throwExceptionOnFailure", false);
        parameters.put("followRedirects", false);
        // No headers that steer camel-http take part in the request, and of the message's those that the bean lets out.
        parameters.put("skipControlHeaders", true);
        parameters.put("headerFilterStrategy", "#" + HEADERS_BEAN);
        parameters.put("httpClientConfigurer", "#" + clientBean);
        return baseUrl + "/connect?"
                + parameters.entrySet().stream().map(Map.Entry::toString).collect(Collectors.joining("&"));
    }
}
