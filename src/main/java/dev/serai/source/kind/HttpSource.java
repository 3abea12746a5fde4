package dev.serai.source.kind;

import dev.serai.source.SourceFailedException;
import dev.serai.source.SourceFailedException.Reason;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** The Java side of the template {@code source-http}: the request before, and the answer after its call. */
public final class HttpSource {
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
            default -> throw new SourceFailedException(Reason.ERROR, "status " + status);
        }
    }
}
