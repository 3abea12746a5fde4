package dev.serai.http;

import java.util.List;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Never down: a client that broke has been renewed. What HTTP clients have met since the start, as details. */
public final class HttpClientsHealth extends AbstractHealthCheck {
    private final List<HttpClientWatch> clients;

    public HttpClientsHealth(List<HttpClientWatch> clients) {
        super("serai", "http-clients");
        this.clients = List.copyOf(clients);
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        for (HttpClientWatch client : clients) {
            builder.detail(client.client() + ".surplus_answers", client.surplusAnswers())
                    .detail(client.client() + ".renewals", client.renewals());
        }
        builder.up();
    }
}
