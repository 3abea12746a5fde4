package dev.serai.connect;

import dev.serai.http.AnswerRefusedException;
import dev.serai.http.BoundedHttpClient;
import dev.serai.http.HttpClientWatch;
import dev.serai.http.NothingSentException;
import dev.serai.http.Transport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.io.CloseMode;

/**
 * Looks at an account at the provider with calls that open no session: whether its host answers, and which characters the
 * account has, by {@code POST /character/list} (contract, section 6). What it returns is free of secrets. Thread-safe.
 */
public final class AccountLook implements AutoCloseable {
    /** More than any account's list; of a longer one nothing is read. */
    private static final int MAX_ANSWER_BYTES = 16 << 20;

    private static final int AT_ONCE = 2;
    private static final String CONVAI = ".convai.com";
    private static final URI CONVAI_LIST = URI.create("https://api.convai.com/character/list");

    private final ProviderAccount account;
    private final CloseableHttpClient client;

    /**
     * A character of the account.
     *
     * @param name for people; empty if the provider names none
     * @param remembersUsers whether a request for it needs an {@code end_user_id}
     */
    public record Listed(String id, String name, boolean remembersUsers) {}

    /** What came of a call. */
    public sealed interface Answer {}

    /**
     * The host has answered.
     *
     * @param date its clock, as {@code Date} tells it, rounded down to a second; empty if it does not
     * @param sentAt this machine's clock when it was asked
     * @param took until the answer
     */
    public record Reached(int status, Optional<Instant> date, Instant sentAt, Duration took) implements Answer {}

    /** The account's characters. */
    public record Characters(List<Listed> all) implements Answer {}

    /** The key is not taken: 401 or 403. */
    public record KeyRefused(int status) implements Answer {}

    /** Another answer than the contract's. */
    public record Unusable(String what) implements Answer {}

    /** No answer. */
    public record Away(NoAnswer why) implements Answer {}

    /** @param transport how it is reached; its times bound each call */
    public AccountLook(ProviderAccount account, Transport transport) {
        this.account = account;
        HttpClientBuilder builder = HttpClientBuilder.create();
        new BoundedHttpClient(
                        new HttpClientWatch("a look at the provider", new SimpleMeterRegistry()),
                        transport,
                        AT_ONCE,
                        MAX_ANSWER_BYTES,
                        Map.of())
                .configureHttpClient(builder);
        client = builder.build();
    }

    /** Where {@link #characters} asks: Convai has it at another host than {@code /connect}, others at the same. */
    public URI listUrl() {
        String host = account.baseUrl().getHost();
        return host != null && host.endsWith(CONVAI) ? CONVAI_LIST : URI.create(account.baseUrl() + "/character/list");
    }

    /**
     * Asks the host for its root, without the key.
     *
     * @throws InterruptedException if the thread was interrupted
     */
    public Answer reach() throws InterruptedException {
        Instant sentAt = Instant.now();
        return call(
                new HttpGet(account.baseUrl() + "/"),
                response -> new Reached(
                        response.getCode(),
                        AccountAnswers.date(response.getFirstHeader(HttpHeaders.DATE)),
                        sentAt,
                        Duration.between(sentAt, Instant.now())));
    }

    /**
     * Asks for the characters that the key may use.
     *
     * @throws InterruptedException if the thread was interrupted
     */
    public Answer characters() throws InterruptedException {
        HttpPost request = new HttpPost(listUrl());
        request.setHeader("CONVAI-API-KEY", account.credentials().key());
        return call(request, AccountAnswers::listed);
    }

    private interface Reading {
        Answer of(ClassicHttpResponse response) throws IOException;
    }

    private Answer call(ClassicHttpRequest request, Reading reading) throws InterruptedException {
        try {
            return client.execute(request, response -> {
                try {
                    return reading.of(response);
                } finally {
                    EntityUtils.consumeQuietly(response.getEntity());
                }
            });
        } catch (AnswerRefusedException e) {
            return new Unusable("an answer that is not taken for one (" + e.reason() + ")");
        } catch (IOException e) {
            if (TransportFailure.isInterrupt(e)) {
                throw new InterruptedException();
            }
            return new Away(NoAnswer.of(e instanceof NothingSentException && e.getCause() != null ? e.getCause() : e));
        }
    }

    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
    }
}
