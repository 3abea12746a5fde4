package dev.serai.route;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.DefaultConnectionKeepAliveStrategy;
import org.apache.hc.client5.http.impl.auth.BasicScheme;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.ssl.SSLContexts;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * Makes the HTTP client of one system: a pool of connections of its own, headers such as its credentials, bounds on time
 * and answer, and never a request that is sent twice.
 *
 * <ul>
 *   <li>A call that failed before its request was handed to a connection ends in a {@link NothingSentException}; any
 *       other {@code IOException} leaves open what the system did. An interrupt ends it in an
 *       {@code InterruptedIOException}, or in a {@code NothingSentException} that has one as its cause.
 *   <li>Certificates and host names are verified, also behind a proxy.
 *   <li>A pooled connection that was idle is looked at before its reuse, as the system may have closed it meanwhile: to
 *       find that out by sending would leave the outcome unknown.
 *   <li>The system's redirects, cookies, compression and challenges are left alone.
 * </ul>
 *
 * <p>Whoever builds a client closes it, and with it the pool. Immutable, thread-safe.
 */
public final class BoundedHttpClient implements HttpClientConfigurer {
    private static final Duration LONGEST_IDLE = Duration.ofSeconds(20);
    private static final Duration LONGEST_LIFE = Duration.ofMinutes(5);

    /** A look takes up to a millisecond, and no server closes a connection so soon; under load, no connection is idle longer. */
    private static final Duration LONGEST_UNSEEN = Duration.ofMillis(200);

    /** So much sooner than the system says that it will, an idle connection is given up. */
    private static final Duration KEEP_ALIVE_MARGIN = Duration.ofSeconds(1);

    private final Transport transport;
    private final int connections;
    private final int maxAnswerBytes;
    private final Map<String, Supplier<String>> headers;
    private final SSLContext sslContext;
    private final Duration unseen;

    /**
     * @param connections at most open at once, at least 1
     * @param maxAnswerBytes of a longer answer this many bytes and one more are handed on
     * @param headers of every request, by name; their values are asked for before each, as credentials can change
     * @throws IllegalArgumentException if the trust store cannot be used
     */
    public BoundedHttpClient(
            Transport transport, int connections, int maxAnswerBytes, Map<String, Supplier<String>> headers) {
        this(transport, connections, maxAnswerBytes, headers, LONGEST_UNSEEN);
    }

    /** @param unseen how long a connection may be idle and is still used without a look, which takes up to 1 ms */
    public BoundedHttpClient(
            Transport transport,
            int connections,
            int maxAnswerBytes,
            Map<String, Supplier<String>> headers,
            Duration unseen) {
        this.transport = transport;
        this.connections = connections;
        this.maxAnswerBytes = maxAnswerBytes;
        this.headers = Map.copyOf(headers);
        this.unseen = unseen;
        sslContext = transport.trustStore() == null
                ? SSLContexts.createDefault()
                : transport.trustStore().sslContext();
    }

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        client.setConnectionManager(pool())
                .setConnectionManagerShared(false)
                .setKeepAliveStrategy(BoundedHttpClient::keepAlive)
                .evictExpiredConnections()
                .evictIdleConnections(TimeValue.of(LONGEST_IDLE))
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
                .addRequestInterceptorLast((request, entity, context) ->
                        headers.forEach((name, value) -> request.setHeader(name, value.get())));
        ProxyServer proxy = transport.proxy();
        if (proxy != null) {
            addProxy(client, proxy);
        }
        new BoundedAnswer(transport.totalTimeout(), maxAnswerBytes).configurer().configureHttpClient(client);
        new HandOver(transport.totalTimeout()).addTo(client);
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
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(transport.connectTimeout()))
                        .setSocketTimeout(Timeout.of(transport.responseTimeout()))
                        .setValidateAfterInactivity(TimeValue.of(unseen))
                        .setTimeToLive(TimeValue.of(LONGEST_LIFE))
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

    private static TimeValue keepAlive(HttpResponse response, HttpContext context) {
        long stated = DefaultConnectionKeepAliveStrategy.INSTANCE
                .getKeepAliveDuration(response, context)
                .toMilliseconds();
        // 0 would mean for ever.
        return TimeValue.ofMilliseconds(Math.clamp(stated - KEEP_ALIVE_MARGIN.toMillis(), 1, LONGEST_IDLE.toMillis()));
    }

    private static void addProxy(HttpClientBuilder client, ProxyServer proxy) {
        HttpHost host = new HttpHost("http", proxy.host(), proxy.port());
        client.setProxy(host);
        String user = proxy.user();
        if (user != null) {
            String password = proxy.password();
            client.addExecInterceptorFirst(
                    "proxy-credentials",
                    new ProxyCredentials(
                            host,
                            new UsernamePasswordCredentials(
                                    user, password == null ? new char[0] : password.toCharArray())));
        }
    }

    /** Sends them unasked: to wait for the proxy's challenge would, without a tunnel, be to send the request twice. */
    private record ProxyCredentials(HttpHost proxy, UsernamePasswordCredentials credentials)
            implements ExecChainHandler {
        @Override
        public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
                throws IOException, HttpException {
            BasicScheme basic = new BasicScheme();
            basic.initPreemptive(credentials);
            scope.clientContext.getAuthExchange(proxy).select(basic);
            return chain.proceed(request, scope);
        }
    }
}
