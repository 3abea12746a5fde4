package dev.serai.http;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.hc.client5.http.EndpointInfo;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.io.LeaseRequest;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A pool of connections that outlives the {@link Error} of a call. HttpClient closes its pool for one, and is of no use from
 * then on; here new calls get a new pool, and those under way end in the one that they began in. What that one's
 * bookkeeping lost goes with it. Connections are not kept, so that a pool without calls holds nothing. Thread-safe.
 */
final class RenewedPool implements HttpClientConnectionManager {
    private final Supplier<PoolingHttpClientConnectionManager> pools;
    private volatile PoolingHttpClientConnectionManager current;

    RenewedPool(Supplier<PoolingHttpClientConnectionManager> pools) {
        this.pools = pools;
        current = pools.get();
    }

    /** New calls get a new pool from now on. */
    synchronized void renew() {
        if (!current.isClosed()) {
            current = pools.get();
        }
    }

    /** A connection, and the pool that it goes back to. */
    private static final class Leased extends ConnectionEndpoint {
        private final HttpClientConnectionManager pool;
        private final ConnectionEndpoint connection;

        Leased(HttpClientConnectionManager pool, ConnectionEndpoint connection) {
            this.pool = pool;
            this.connection = connection;
        }

        @Override
        @Deprecated
        public ClassicHttpResponse execute(
                String id, ClassicHttpRequest request, HttpRequestExecutor executor, HttpContext context)
                throws IOException, HttpException {
            return connection.execute(id, request, executor, context);
        }

        @Override
        public ClassicHttpResponse execute(
                String id, ClassicHttpRequest request, RequestExecutor executor, HttpContext context)
                throws IOException, HttpException {
            return connection.execute(id, request, executor, context);
        }

        @Override
        public boolean isConnected() {
            return connection.isConnected();
        }

        @Override
        public void setSocketTimeout(Timeout timeout) {
            connection.setSocketTimeout(timeout);
        }

        @Override
        public EndpointInfo getInfo() {
            return connection.getInfo();
        }

        @Override
        public void close(CloseMode mode) {
            connection.close(mode);
        }

        @Override
        public void close() throws IOException {
            connection.close();
        }
    }

    @Override
    public LeaseRequest lease(String id, HttpRoute route, Timeout patience, @Nullable Object state) {
        HttpClientConnectionManager pool = current;
        LeaseRequest request = pool.lease(id, route, patience, state);
        return new LeaseRequest() {
            @Override
            public ConnectionEndpoint get(Timeout timeout)
                    throws InterruptedException, ExecutionException, TimeoutException {
                return new Leased(pool, request.get(timeout));
            }

            @Override
            public boolean cancel() {
                return request.cancel();
            }
        };
    }

    @Override
    public void release(ConnectionEndpoint endpoint, @Nullable Object state, @Nullable TimeValue keepAlive) {
        Leased leased = (Leased) endpoint;
        leased.pool.release(leased.connection, state, keepAlive);
    }

    @Override
    public void connect(ConnectionEndpoint endpoint, @Nullable TimeValue timeout, HttpContext context)
            throws IOException {
        Leased leased = (Leased) endpoint;
        leased.pool.connect(leased.connection, timeout, context);
    }

    @Override
    public void upgrade(ConnectionEndpoint endpoint, HttpContext context) throws IOException {
        Leased leased = (Leased) endpoint;
        leased.pool.upgrade(leased.connection, context);
    }

    /**
     * Closes the pool, unless it is to be closed at once: HttpClient does so for an error of one call, and only then. Who is
     * around that call renews the pool, and leaves others their calls.
     */
    @Override
    public synchronized void close(CloseMode mode) {
        if (mode != CloseMode.IMMEDIATE) {
            current.close(mode);
        }
    }

    @Override
    public void close() {
        close(CloseMode.GRACEFUL);
    }
}
