package dev.serai.service;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks the HTTP port of a process that may be a Serai, or anything else: an answer that has no end costs neither more than the
 * time limit nor more memory than {@value #MOST} bytes. Stateless.
 */
public final class ObserveCall {
    /** A thousand events that wait are about one million bytes. */
    private static final int MOST = 64 << 20;

    private ObserveCall() {}

    /**
     * Gets what is there.
     *
     * @param limit for all of it
     * @throws HttpTimeoutException if that was over before the answer's end
     * @throws IOException if nothing answers, or not by HTTP, or with more than the bound
     */
    public static HttpResponse<byte[]> get(URI uri, Duration limit) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(limit)
                .proxy(HttpClient.Builder.NO_PROXY)
                .build();
        try {
            return client.sendAsync(HttpRequest.newBuilder(uri).build(), head -> new BoundedBody(MOST))
                    .get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("no end of an answer within " + limit.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } finally {
            client.shutdownNow();
        }
    }
}
