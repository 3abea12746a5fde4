package dev.serai.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** An OAuth token endpoint that hands out signed tokens for one user to whoever asks. Thread-safe. */
public final class TokenEndpoint implements AutoCloseable {
    private static final KeyPair KEYS = keys();

    private final HttpServer server;
    private final String user;
    private final Duration lifetime;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean down;

    /** @param lifetime of a token; clients ask for the next one when four fifths of it have passed */
    public TokenEndpoint(String user, Duration lifetime) {
        this.user = user;
        this.lifetime = lifetime;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/token", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            asked.incrementAndGet();
            byte[] body = down
                    ? "{\"error\":\"temporarily_unavailable\"}".getBytes(UTF_8)
                    : ("{\"access_token\":\"" + token() + "\",\"token_type\":\"Bearer\",\"expires_in\":"
                                    + lifetime.toSeconds() + "}")
                            .getBytes(UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(down ? 503 : 200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private String token() {
        long now = Instant.now().getEpochSecond();
        String signed = encoded("{\"alg\":\"RS256\",\"kid\":\"test\"}".getBytes(UTF_8)) + "."
                + encoded(
                        ("{\"sub\":\"" + user + "\",\"iat\":" + now + ",\"exp\":" + (now + lifetime.toSeconds()) + "}")
                                .getBytes(UTF_8));
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(KEYS.getPrivate());
            signature.update(signed.getBytes(UTF_8));
            return signed + "." + encoded(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The key set that a broker checks the tokens of all endpoints of this JVM with. */
    static String keySet() {
        RSAPublicKey key = (RSAPublicKey) KEYS.getPublic();
        return "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"sig\",\"alg\":\"RS256\",\"kid\":\"test\",\"n\":\""
                + encoded(unsigned(key.getModulus())) + "\",\"e\":\"" + encoded(unsigned(key.getPublicExponent()))
                + "\"}]}";
    }

    private static byte[] unsigned(BigInteger number) {
        byte[] bytes = number.toByteArray();
        return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    private static String encoded(byte[] part) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(part);
    }

    /** Whether it refuses to hand out tokens from now on. */
    public void down(boolean isDown) {
        down = isDown;
    }

    /** How often it was asked. */
    public int asked() {
        return asked.get();
    }

    /** What a client needs to log in with its tokens. */
    public Map<String, String> clientProperties() {
        return Map.of(
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "OAUTHBEARER",
                // Tokens here may last for seconds; the defaults are for such that last for hours.
                "sasl.login.refresh.min.period.seconds",
                "1",
                "sasl.login.refresh.buffer.seconds",
                "1",
                "sasl.oauthbearer.token.endpoint.url",
                "http://127.0.0.1:" + server.getAddress().getPort() + "/token",
                "sasl.login.callback.handler.class",
                "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required clientId=\"" + user
                        + "\" clientSecret=\"a-secret\";");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
