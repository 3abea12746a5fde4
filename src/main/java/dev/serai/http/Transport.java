package dev.serai.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the provider is reached. All times are above 0.
 *
 * @param connectTimeout to get a connection of the pool, and to establish a new one with one of the host's addresses
 * @param tlsTimeout for each wait of the TLS handshake
 * @param responseTimeout from the request until the answer, and between parts of the answer
 * @param totalTimeout of a call, from the wait for a connection to the end of the answer; only a host name that does
 *     not resolve can take longer, as long as the system's resolver takes, and then nothing is sent
 * @param trustStore who is trusted; null: those whom the JDK trusts
 * @param proxy null: none
 */
public record Transport(
        Duration connectTimeout,
        Duration tlsTimeout,
        Duration responseTimeout,
        Duration totalTimeout,
        @Nullable TrustStore trustStore,
        @Nullable ProxyServer proxy) {
    public Transport {
        requirePositive("connectTimeout", connectTimeout);
        requirePositive("tlsTimeout", tlsTimeout);
        requirePositive("responseTimeout", responseTimeout);
        requirePositive("totalTimeout", totalTimeout);
    }

    /** To the HTTP client, 0 means for ever. */
    private static void requirePositive(String name, Duration duration) {
        if (duration.toMillis() < 1) {
            throw new IllegalArgumentException(name + " must be at least 1 ms, was " + duration);
        }
    }
}
