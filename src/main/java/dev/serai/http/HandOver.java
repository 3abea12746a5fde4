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

/**
 * The point at which a request is handed to a connection, and no sooner, the connection being open up to the provider:
 * leased, connected, through the proxy, TLS done. A call that ends before it ends in a {@link NothingSentException},
 * whatever went wrong; what goes wrong after it leaves the outcome unknown, but for a {@code NothingSentException} of the
 * connection's own, which did not write the request to its end. Each call gets there once at most.
 *
 * <p>Two interceptors: the inner one, which nothing but the sending comes after, notes that it was reached; the outer
 * one, which nothing comes before, reads the note. The note is the call's own and stays on its thread. Thread-safe.
 */
final class HandOver {
    private static final String CALL = HandOver.class.getName();

    private static final class Call {
        final long begun = System.nanoTime();
        boolean handedOver;
    }

    private final Duration totalTimeout;

    /** @param totalTimeout nothing is sent later than this after the call has begun */
    HandOver(Duration totalTimeout) {
        this.totalTimeout = totalTimeout;
    }

    /** To be called after all else that adds interceptors. */
    void addTo(HttpClientBuilder client) {
        client.addExecInterceptorFirst("hand-over-outside", this::aroundCall);
        client.addExecInterceptorLast("hand-over", this::beforeSending);
    }

    private ClassicHttpResponse aroundCall(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        Call call = new Call();
        scope.clientContext.setAttribute(CALL, call);
        ClassicHttpResponse response;
        try {
            response = chain.proceed(request, scope);
        } catch (IOException | HttpException e) {
            if (e instanceof NothingSentException) {
                throw e;
            }
            boolean interrupted = Thread.currentThread().isInterrupted();
            if (!call.handedOver) {
                throw new NothingSentException(interrupted ? interruptedBy(e) : e);
            }
            if (interrupted) {
                throw interruptedBy(e);
            }
            throw e;
        }
        if (!call.handedOver) {
            // An answer to what was not asked: it is the proxy's, to CONNECT.
            scope.execRuntime.discardEndpoint();
            throw new NothingSentException("the proxy answered CONNECT with " + response.getCode());
        }
        return response;
    }

    private ClassicHttpResponse beforeSending(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        Call call = (Call) scope.clientContext.getAttribute(CALL);
        if (call.handedOver) {
            throw new IOException("a request is not sent twice");
        }
        if (System.nanoTime() - call.begun >= totalTimeout.toNanos()) {
            throw new SocketTimeoutException("no connection after " + totalTimeout.toMillis() + " ms");
        }
        call.handedOver = true;
        return chain.proceed(request, scope);
    }

    /** A virtual thread's socket reports an interrupt as a {@code SocketException}. */
    private static InterruptedIOException interruptedBy(Exception failure) {
        InterruptedIOException interrupted = new InterruptedIOException("interrupted");
        interrupted.initCause(failure);
        return interrupted;
    }
}
