package dev.serai.http;

import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.HeaderElements;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.ssl.SSLContexts;
import org.apache.hc.core5.util.Timeout;

/**
 * Makes the HTTP client of one system: connections of its own, one for each call, headers such as its credentials, bounds
 * on time and answer, and never a request that is sent twice.
 *
 * <ul>
 *   <li>A call that failed before its request was handed to a connection ends in a {@link NothingSentException}; any
 *       other {@code IOException} leaves open what the system did. An interrupt ends it in an
 *       {@code InterruptedIOException}, or in a {@code NothingSentException} that has one as its cause.
 *   <li>Certificates and host names are verified, also behind a proxy.
 *   <li>A connection is used for one call. HTTP/1.1 has nothing in an answer that names its request: on a connection that
 *       is used again, an answer too many gives each event the room of the one before, and to look for it before each
 *       request is not enough, as it can come a moment later. Nor can a connection turn out to be closed when a request is
 *       on its way, which would leave the outcome unknown.
 *   <li>Nothing is taken for an answer that may be none to this request, and no more is read of one than is bounded: see
 *       {@link BoundedConnection} and {@link AnswerBounds}.
 *   <li>An {@link Error} ends its own call only: see {@link RenewedPool}.
 *   <li>The system's redirects, cookies, compression and challenges are left alone.
 * </ul>
 *
 * <p>Whoever builds a client closes it, and with it the connections. Immutable, thread-safe.
 */
public final class BoundedHttpClient implements HttpClientConfigurer {
    private final Transport transport;
    private final int connections;
    private final int maxAnswerBytes;
    private final Map<String, Supplier<String>> headers;
    private final SSLContext sslContext;
    private final HttpClientWatch watch;

    /**
     * @param watch is told of what no call tells
     * @param connections at most open at once, at least 1
     * @param maxAnswerBytes of a longer answer this many bytes and one more are handed on
     * @param headers of every request, by name; their values are asked for before each, as credentials can change
     * @throws IllegalArgumentException if the trust store cannot be used
     */
    public BoundedHttpClient(
            HttpClientWatch watch,
            Transport transport,
            int connections,
            int maxAnswerBytes,
            Map<String, Supplier<String>> headers) {
        this.watch = watch;
        this.transport = transport;
        this.connections = connections;
        this.maxAnswerBytes = maxAnswerBytes;
        this.headers = Map.copyOf(headers);
        sslContext = transport.trustStore() == null
                ? SSLContexts.createDefault()
                : transport.trustStore().sslContext();
    }

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        RenewedPool pool = new RenewedPool(this::pool);
        client.setConnectionManager(pool)
                .setConnectionManagerShared(false)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(Timeout.of(longestWaitForConnection()))
                        .setResponseTimeout(Timeout.of(transport.responseTimeout()))
                        .setRedirectsEnabled(false)
                        // Of challenges; to answer one would be to send the request again.
                        .setAuthenticationEnabled(false)
                        .setProtocolUpgradeEnabled(false)
                        .build())
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableContentCompression()
                .disableAuthCaching()
                .addRequestInterceptorLast((request, entity, context) -> {
                    headers.forEach((name, value) -> request.setHeader(name, value.get()));
                    // Of the connection by which the request goes: it is not used again.
                    request.setHeader(HttpHeaders.CONNECTION, HeaderElements.CLOSE);
                });
        ProxyServer proxy = transport.proxy();
        if (proxy != null) {
            addProxy(client, proxy);
        }
        new BoundedCall.Bounds(transport.totalTimeout(), maxAnswerBytes).addTo(client);
        client.addExecInterceptorFirst("renewal", (request, scope, chain) -> {
            try {
                return chain.proceed(request, scope);
            } catch (Error e) {
                pool.renew();
                watch.renewed(e);
                throw e;
            }
        });
    }

    /** What bounds the total time closes the call's connection, and has nothing to close as long as there is none. */
    private Duration longestWaitForConnection() {
        return transport.connectTimeout().compareTo(transport.totalTimeout()) < 0
                ? transport.connectTimeout()
                : transport.totalTimeout();
    }

    private PoolingHttpClientConnectionManager pool() {
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnTotal(connections)
                .setMaxConnPerRoute(connections)
                .setTlsSocketStrategy(tls())
                .setConnectionFactory(
                        socket -> new BoundedConnection(new AnswerBounds(maxAnswerBytes), watch::surplusAnswer))
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(transport.connectTimeout()))
                        .setSocketTimeout(Timeout.of(transport.responseTimeout()))
                        .build())
                .build();
    }

    /** {@code TlsConfig} has a time-out, too, but not for a handshake through a proxy. */
    private TlsSocketStrategy tls() {
        DefaultClientTlsStrategy verifying = new DefaultClientTlsStrategy(sslContext);
        int timeout = Timeout.of(transport.tlsTimeout()).toMillisecondsIntBound();
        return (socket, host, port, attachment, context) -> {
            int before = socket.getSoTimeout();
            socket.setSoTimeout(timeout);
            SSLSocket secured = verifying.upgrade(socket, host, port, attachment, context);
            socket.setSoTimeout(before);
            return secured;
        };
    }

    private static void addProxy(HttpClientBuilder client, ProxyServer proxy) {
        HttpHost host = new HttpHost("http", proxy.host(), proxy.port());
        client.setProxy(host);
        String user = proxy.user();
        if (user != null) {
            String password = proxy.password() == null ? "" : proxy.password();
            client.addExecInterceptorFirst(
                    "proxy-credentials",
                    new ProxyCredentials(host, new UsernamePasswordCredentials(user, password.toCharArray())));
        }
    }
}
