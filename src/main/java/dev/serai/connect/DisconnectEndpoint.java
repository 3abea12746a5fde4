package dev.serai.connect;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serai.http.BoundedHttpClient;
import dev.serai.wire.TraceContext;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.util.Optional;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.io.CloseMode;

/**
 * {@code POST /disconnect} of one account at the provider (contract, section 3): no body, and no API key, as the session's id
 * is the credential.
 *
 * <p>Not an endpoint of Camel's: the id is in the query of every call, where Camel has it in a header, in its log at debug and in
 * the text of what fails; and sessions are ended when Camel has stopped, too. Thread-safe.
 */
final class DisconnectEndpoint implements AutoCloseable {
    /** No answer of the contract's is longer, and none is read but for its status. */
    static final int MAX_ANSWER_BYTES = 16 << 10;

    private static final int TOO_MANY_REQUESTS = 429;

    private final String url;
    private final CloseableHttpClient client;

    /** What a call came to. Free of secrets. */
    sealed interface Outcome {
        /** The session is over. */
        record Over() implements Outcome {}

        /** It may not be, and to ask again would be answered the same. */
        record Refused(String why) implements Outcome {}

        /** It may not be, and to ask again can help. */
        record Failed(String why) implements Outcome {}

        /** For metrics. */
        default String label() {
            return switch (this) {
                case Over over -> "over";
                case Refused refused -> "refused";
                case Failed failed -> "failed";
            };
        }
    }

    /**
     * @param baseUrl without {@code /disconnect} and without a slash at its end
     * @param client without headers of its own
     */
    DisconnectEndpoint(URI baseUrl, BoundedHttpClient client) {
        url = baseUrl + "/disconnect?session_id=";
        HttpClientBuilder builder = HttpClientBuilder.create();
        client.configureHttpClient(builder);
        this.client = builder.build();
    }

    /**
     * Calls once.
     *
     * @param sessionId a secret
     * @param trace that the call belongs to
     * @throws InterruptedException if the thread was interrupted; what was sent was sent
     */
    Outcome end(String sessionId, Optional<TraceContext> trace) throws InterruptedException {
        HttpPost request = new HttpPost(url + URLEncoder.encode(sessionId, UTF_8));
        trace.ifPresent(context -> {
            request.setHeader(TraceContext.PARENT, context.parent());
            if (context.state() != null) {
                request.setHeader(TraceContext.STATE, context.state());
            }
        });
        try {
            return outcome(client.execute(request, response -> response.getCode()));
        } catch (IOException e) {
            if (TransportFailure.isInterrupt(e)) {
                throw new InterruptedException();
            }
            return new Outcome.Failed(TransportFailure.outcome(e).text());
        }
    }

    private static Outcome outcome(int status) {
        if (status == 200) {
            return new Outcome.Over();
        }
        String why = "it answers " + status;
        return status >= 500 || status == TOO_MANY_REQUESTS ? new Outcome.Failed(why) : new Outcome.Refused(why);
    }

    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
    }
}
