package dev.serai.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.RawServer;
import java.io.IOException;
import java.time.Duration;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.DefaultHttpRequestRetryStrategy;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.util.TimeValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
@BesideOthers
class BoundedCallTest {
    /** The service's clients do not repeat; this holds should one be told to. */
    @Test
    void requestThatTheClientWouldRepeat_isSentOnce() throws IOException {
        try (RawServer server = new RawServer()) {
            server.answer("HTTP/1.1 503 Busy\nContent-Length: 0\nConnection: close\n\n");
            HttpClientBuilder repeating = HttpClientBuilder.create()
                    .setRetryStrategy(new DefaultHttpRequestRetryStrategy(3, TimeValue.ofMilliseconds(1)));
            new BoundedCall.Bounds(Duration.ofSeconds(10), 1_000).addTo(repeating);

            try (CloseableHttpClient client = repeating.build()) {
                assertThatThrownBy(() -> client.execute(new HttpGet(server.uri()), HttpResponse::getCode))
                        .isInstanceOf(IOException.class)
                        .hasMessage("a request is not sent twice");
            }
            assertThat(server.requests()).hasSize(1);
        }
    }
}
