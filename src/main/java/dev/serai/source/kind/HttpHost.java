package dev.serai.source.kind;

import dev.serai.http.TrustStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.ssl.SSLContexts;
import org.jspecify.annotations.Nullable;

/**
 * The host of a web service, which can be connected to without asking it anything: a request, even for what it does not
 * have, would be counted, logged, perhaps paid for. Immutable.
 *
 * @param url of the service
 * @param trustStore who is trusted; null: those whom the JDK trusts
 */
public record HttpHost(URI url, @Nullable TrustStore trustStore) {
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;

    /**
     * Connects, agrees on TLS where the URL has it, and closes the connection.
     *
     * @param timeout to connect, and for each wait of the handshake
     * @return what was wrong; empty if nothing was
     */
    public Optional<String> trouble(Duration timeout) {
        boolean tls = "https".equalsIgnoreCase(url.getScheme());
        int port = url.getPort() >= 0 ? url.getPort() : tls ? HTTPS_PORT : HTTP_PORT;
        int milliseconds = Math.toIntExact(timeout.toMillis());
        try (Socket socket = new Socket()) {
            InetSocketAddress address = new InetSocketAddress(url.getHost(), port);
            if (address.isUnresolved()) {
                throw new UnknownHostException();
            }
            socket.connect(address, milliseconds);
            socket.setSoTimeout(milliseconds);
            if (tls) {
                shakeHands(socket, port);
            }
            return Optional.empty();
        } catch (SocketTimeoutException e) {
            return Optional.of("no " + (tls ? "TLS " : "") + "connection to " + url.getHost() + ":" + port + " within "
                    + milliseconds + " ms");
        } catch (IOException e) {
            return Optional.of(SourceFailures.connection(e).orElse(e.getClass().getSimpleName()) + " at "
                    + url.getHost() + ":" + port);
        }
    }

    private void shakeHands(Socket socket, int port) throws IOException {
        SSLContext context = trustStore == null ? SSLContexts.createDefault() : trustStore.sslContext();
        try (SSLSocket secured =
                (SSLSocket) context.getSocketFactory().createSocket(socket, url.getHost(), port, true)) {
            SSLParameters verifying = secured.getSSLParameters();
            verifying.setEndpointIdentificationAlgorithm("HTTPS");
            secured.setSSLParameters(verifying);
            secured.startHandshake();
        }
    }
}
