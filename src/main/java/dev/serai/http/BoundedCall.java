package dev.serai.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call: it knows whether its request was handed to a connection, and bounds what an HTTP client's own settings leave
 * open, the time of an answer that comes drop by drop, each in time for the socket, and its size, also behind a compression.
 * The answer is read before Camel does.
 *
 * <p>A request is handed over when the connection is open up to the provider, and no sooner: leased, connected, through the
 * proxy, TLS done. A call that ends before it ends in a {@link NothingSentException}, whatever went wrong; what goes wrong
 * after it leaves the outcome unknown, but for a {@code NothingSentException} of the connection's own, which did not write
 * the request to its end. Each call gets there once at most.
 *
 * <p>Two interceptors: the outer one, which nothing of the call comes before, makes it, and the inner one, which nothing but
 * the sending comes after, hands the request over. For the call's own thread, but for the guard of its time.
 */
final class BoundedCall {
    private static final Logger LOG = LoggerFactory.getLogger(BoundedCall.class);
    private static final String NAME = "bounded-call";
    private static final Duration AGAIN = Duration.ofMillis(50);

    private final Bounds bounds;
    private final ExecChain.Scope scope;
    private final long begun = System.nanoTime();
    private boolean handedOver;
    private volatile boolean late;

    private BoundedCall(Bounds bounds, ExecChain.Scope scope) {
        this.bounds = bounds;
        this.scope = scope;
    }

    /**
     * Of each call of a client.
     *
     * @param time until the end of the answer; then the connection is closed, and nothing is sent any more
     * @param bytes the longest answer; of a longer one this many bytes and one more are handed on, and no more are read
     */
    record Bounds(Duration time, int bytes) {
        /** To be called after all else that adds interceptors to what is one call. */
        void addTo(HttpClientBuilder client) {
            client.addExecInterceptorFirst(NAME, (request, scope, chain) -> {
                BoundedCall call = new BoundedCall(this, scope);
                scope.clientContext.setAttribute(NAME, call);
                return call.run(request, chain);
            });
            client.addExecInterceptorLast("hand-over", (request, scope, chain) -> {
                BoundedCall call = (BoundedCall) scope.clientContext.getAttribute(NAME);
                call.handOver();
                return chain.proceed(request, scope);
            });
        }
    }

    private void handOver() throws IOException {
        if (handedOver) {
            throw new IOException("a request is not sent twice");
        }
        if (System.nanoTime() - begun >= bounds.time().toNanos()) {
            throw new SocketTimeoutException(
                    "no connection after " + bounds.time().toMillis() + " ms");
        }
        handedOver = true;
    }

    private ClassicHttpResponse run(ClassicHttpRequest request, ExecChain chain) throws IOException, HttpException {
        Thread guard = Thread.ofVirtual().name(NAME).start(this::closeWhenLate);
        boolean answered = false;
        try {
            ClassicHttpResponse response = chain.proceed(request, scope);
            if (!handedOver) {
                // An answer to what was not asked: it is the proxy's, to CONNECT.
                throw new NothingSentException("the proxy answered CONNECT with " + response.getCode(), false);
            }
            answered = BoundedAnswer.readWhole(response, bounds.bytes());
            return response;
        } catch (IOException | HttpException | RuntimeException e) {
            if (e instanceof NothingSentException || (e instanceof RuntimeException && !late)) {
                throw e;
            }
            IOException known = known(e);
            if (!handedOver) {
                throw new NothingSentException(known == null ? e : known);
            }
            if (known != null) {
                throw known;
            }
            throw e;
        } finally {
            guard.interrupt();
            if (!answered) {
                scope.execRuntime.discardEndpoint();
            }
        }
    }

    /** What the failure is, if the call was interrupted or late. */
    private @Nullable IOException known(Exception failure) {
        IOException known = null;
        if (Thread.currentThread().isInterrupted()) {
            // A virtual thread's socket reports an interrupt as a SocketException.
            known = new InterruptedIOException("interrupted");
        } else if (late) {
            known = new SocketTimeoutException(
                    "no answer after " + bounds.time().toMillis() + " ms");
        }
        if (known != null) {
            known.initCause(failure);
        }
        return known;
    }

    private void closeWhenLate() {
        try {
            Thread.sleep(bounds.time());
            late = true;
            // Again and again, as there may be no connection yet.
            while (true) {
                discard();
                Thread.sleep(AGAIN);
            }
        } catch (InterruptedException e) {
            // The call has ended.
        }
    }

    /** What cannot be closed now is closed the next time: without it an answer has no end. */
    private void discard() {
        try {
            scope.execRuntime.discardEndpoint();
        } catch (RuntimeException e) {
            LOG.debug("A connection whose time is over could not be closed", e);
        }
    }
}
