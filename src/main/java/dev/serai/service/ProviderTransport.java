package dev.serai.service;

import dev.serai.http.ProxyServer;
import dev.serai.http.Transport;
import dev.serai.http.TrustStore;
import dev.serai.settings.ConnectSettings;
import dev.serai.settings.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/** How the provider is reached, as the settings say it. Stateless. */
public final class ProviderTransport {
    private ProviderTransport() {}

    /** Of all calls. */
    public static Transport of(ConnectSettings connect) {
        Path trustStore = connect.trustStore();
        URI proxy = connect.proxy();
        return new Transport(
                connect.connectTimeout(),
                connect.tlsTimeout(),
                connect.responseTimeout(),
                connect.totalTimeout(),
                trustStore == null ? null : new TrustStore(trustStore, Secret.revealed(connect.trustStorePassword())),
                proxy == null
                        ? null
                        : new ProxyServer(
                                proxy.getHost(),
                                proxy.getPort(),
                                connect.proxyUser(),
                                Secret.revealed(connect.proxyPassword())));
    }

    /**
     * The same for calls that must not take so long.
     *
     * @param longest that a call may take; at least 1 ms
     */
    public static Transport within(Transport transport, Duration longest) {
        return new Transport(
                transport.connectTimeout(),
                transport.tlsTimeout(),
                shorter(transport.responseTimeout(), longest),
                shorter(transport.totalTimeout(), longest),
                transport.trustStore(),
                transport.proxy());
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
