package dev.serai.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds what an HTTP client's own settings leave open: the time of an answer that comes drop by drop, each in time for
 * the socket, and its size, also behind a compression. Reads the answer before Camel does. Thread-safe.
 *
 * @param time from the request to the end of the answer; then the connection is closed
 * @param bytes the longest answer; of a longer one this many bytes and one more are handed on, and no more are read
 */
public record BoundedAnswer(Duration time, int bytes) implements ExecChainHandler {
    private static final Logger LOG = LoggerFactory.getLogger(BoundedAnswer.class);
    private static final String NAME = "bounded-answer";
    private static final Duration AGAIN = Duration.ofMillis(50);

    /** For a camel-http endpoint. */
    public HttpClientConfigurer configurer() {
        return client -> client.addExecInterceptorFirst(NAME, this);
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        AtomicBoolean late = new AtomicBoolean();
        Thread guard = Thread.ofVirtual().name(NAME).start(() -> {
            try {
                Thread.sleep(time);
                late.set(true);
                // Again and again, as there may be no connection yet.
                while (true) {
                    discard(scope);
                    Thread.sleep(AGAIN);
                }
            } catch (InterruptedException e) {
                // The call has ended.
            }
        });
        try {
            ClassicHttpResponse response = chain.proceed(request, scope);
            HttpEntity entity = response.getEntity();
            if (entity != null) {
                byte[] body = read(entity);
                if (body.length > bytes) {
                    scope.execRuntime.discardEndpoint();
                }
                response.setEntity(new ByteArrayEntity(body, type(entity)));
            }
            return response;
        } catch (IOException | HttpException | RuntimeException | Error e) {
            scope.execRuntime.discardEndpoint();
            if (late.get() && !(e instanceof Error)) {
                SocketTimeoutException tooLate =
                        new SocketTimeoutException("no answer after " + time.toMillis() + " ms");
                tooLate.initCause(e);
                throw tooLate;
            }
            throw e;
        } finally {
            guard.interrupt();
        }
    }

    /** What the guard's thread cannot close now, it closes the next time: without it an answer has no end. */
    private static void discard(ExecChain.Scope scope) {
        try {
            scope.execRuntime.discardEndpoint();
        } catch (RuntimeException e) {
            LOG.debug("A connection whose time is over could not be closed", e);
        }
    }

    /** What the answer says that it is; null if that cannot be, such as a character set of an impossible name. */
    private static @Nullable ContentType type(HttpEntity entity) {
        try {
            return ContentType.parseLenient(entity.getContentType());
        } catch (IllegalArgumentException e) {
            LOG.debug("An answer's type is passed over", e);
            return null;
        }
    }

    private byte[] read(HttpEntity entity) throws IOException {
        // Not closed: that would read what is left.
        InputStream in = entity.getContent();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] chunk = new byte[8192];
        int read = 0;
        while (read >= 0 && body.size() <= bytes) {
            body.write(chunk, 0, read);
            read = in.read(chunk, 0, Math.min(chunk.length, bytes + 1 - body.size()));
        }
        return body.toByteArray();
    }
}
