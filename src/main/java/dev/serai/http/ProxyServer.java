package dev.serai.http;

import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy. Calls of an {@code https} address are tunnelled through it ({@code CONNECT}).
 *
 * @param host name or address, without a scheme
 * @param user for Basic credentials, sent to the proxy unasked; null: none
 * @param password of {@code user}; null: an empty one
 */
public record ProxyServer(
        String host,
        int port,
        @Nullable String user,
        @Nullable String password) {
    @Override
    public String toString() {
        return "ProxyServer[" + host + ":" + port + (user == null ? "" : ", with credentials") + "]";
    }
}
