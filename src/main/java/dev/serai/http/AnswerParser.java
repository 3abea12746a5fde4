package dev.serai.http;

import java.io.IOException;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParser;
import org.apache.hc.core5.http.message.LazyLineParser;
import org.apache.hc.core5.util.CharArrayBuffer;

/**
 * Reads an answer's head. Unlike HttpClient's own it passes over nothing that comes before the status line: that could be
 * the rest of another answer. Its errors do not quote what came. For one connection.
 */
final class AnswerParser extends DefaultHttpResponseParser {
    /** RFC 9110, section 15; a status of 600 and more is left to be understood as a failure of the server. */
    private static final int LOWEST_STATUS = 100;

    AnswerParser(AnswerBounds bounds) {
        super(bounds.lines());
    }

    @Override
    protected ClassicHttpResponse createMessage(CharArrayBuffer line) throws IOException {
        try {
            int status = LazyLineParser.INSTANCE.parseStatusLine(line).getStatusCode();
            if (status < LOWEST_STATUS) {
                throw new AnswerRefusedException(
                        "its status is " + status + ", and none of HTTP is below " + LOWEST_STATUS);
            }
            return super.createMessage(line);
        } catch (HttpException e) {
            throw new AnswerRefusedException("it does not begin with a status line of HTTP");
        }
    }
}
