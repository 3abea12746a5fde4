package dev.serai.http;

import dev.serai.loop.RepeatedWarning;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an HTTP client met that its calls do not tell: answers that nobody asked for, and errors for which it was renewed.
 * Both are in the log, the metrics and the details of health. Thread-safe.
 */
public final class HttpClientWatch {
    private static final Logger LOG = LoggerFactory.getLogger(HttpClientWatch.class);

    private final String client;
    private final Counter surplusAnswers;
    private final Counter renewals;
    private final RepeatedWarning surplusWarning = new RepeatedWarning(LOG);
    private final RepeatedWarning renewalWarning = new RepeatedWarning(LOG);

    /** @param client what calls whom, such as {@code tenant default}, {@code source rooms} */
    public HttpClientWatch(String client, MeterRegistry registry) {
        this.client = client;
        surplusAnswers = Counter.builder("serai.http.surplus.answers")
                .description("Calls on whose connection more came than was asked for, or too early")
                .tag("client", client)
                .register(registry);
        renewals = Counter.builder("serai.http.client.renewals")
                .description("Times that an HTTP client got new connections because an error had broken it")
                .tag("client", client)
                .register(registry);
    }

    public String client() {
        return client;
    }

    /** More came on a call's connection than was asked for, or before it was. */
    public void surplusAnswer() {
        surplusAnswers.increment();
        surplusWarning.met(
                "surplus",
                "More came on a connection of " + client
                        + " than was asked for, or before it was: none of it is taken for an answer. A gateway on the way"
                        + " mixes answers up; see \"What is taken for an answer\" in provider.md");
    }

    /** A call ended in an error, and the client has new connections. */
    public void renewed(Error error) {
        renewals.increment();
        renewalWarning.met(
                error.getClass().getName(),
                "The HTTP client of " + client + " was broken by "
                        + error.getClass().getName()
                        + " and has been renewed; the call's event fails. This is a defect of Serai: report it");
    }

    long surplusAnswers() {
        return (long) surplusAnswers.count();
    }

    long renewals() {
        return (long) renewals.count();
    }
}
