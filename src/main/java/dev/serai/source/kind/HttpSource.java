package dev.serai.source.kind;

import dev.serai.source.SourceFailedException;
import dev.serai.source.SourceFailedException.Reason;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** The Java side of the template {@code source-http}: the request before, and the answer after its call. */
public final class HttpSource {
    /** Of those below 500: credentials, a proxy's, rights, time, a request too early, too many requests. */
    private static final Set<Integer> OF_THE_SERVICE = Set.of(401, 403, 407, 408, 425, 429);

    private HttpSource() {}

    /** Prepares the GET of the reference: as one path segment, whatever characters it holds. */
    public static void prepare(Exchange exchange) {
        Message message = exchange.getMessage();
        String reference = message.getHeader(SourceRoute.REFERENCE, "", String.class);
        message.setBody(null);
        message.setHeader(Exchange.HTTP_METHOD, "GET");
        message.setHeader(
                Exchange.HTTP_PATH,
                URLEncoder.encode(reference, StandardCharsets.UTF_8).replace("+", "%20"));
    }

    /** Leaves the answer's bytes in the body, or nothing if it is 404. */
    public static void read(Exchange exchange) throws SourceFailedException {
        Message message = exchange.getMessage();
        int status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class);
        switch (status) {
            case 200 -> {
                byte[] answer = message.getBody(byte[].class);
                message.setBody(answer == null ? new byte[0] : answer);
            }
            case 404 -> message.setBody(null);
            default -> throw new SourceFailedException(reason(status), "status " + status);
        }
    }

    /**
     * What a status means that brings no answer: trouble of the service, of the one reference, or something unheard of. A 404 is
     * the latter where a route of one's own takes it for a failure: a gateway says so, too, of a service that is being replaced.
     */
    static Reason reason(int status) {
        if (status >= 500 || OF_THE_SERVICE.contains(status)) {
            return Reason.ERROR;
        }
        return status >= 400 && status != 404 ? Reason.REFUSED : Reason.UNUSABLE;
    }
}
