package dev.serai.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The answer of a {@link BoundedCall}, read within a bound of its size, also behind a compression. Stateless. */
final class BoundedAnswer {
    private static final Logger LOG = LoggerFactory.getLogger(BoundedAnswer.class);
    private static final Set<String> GZIP = Set.of("gzip", "x-gzip");

    private BoundedAnswer() {}

    /**
     * Reads the answer, and puts what it says in the place of its stream.
     *
     * @param most bytes; of a longer one this many and one more are kept, and no more are read
     * @return whether it is no longer than that
     */
    static boolean readWhole(ClassicHttpResponse response, int most) throws IOException {
        HttpEntity entity = response.getEntity();
        if (entity == null) {
            return true;
        }
        // Not closed: that would read what is left.
        InputStream in = entity.getContent();
        byte[] sent = in.readNBytes(most + 1);
        byte[] body = sent.length <= most ? unpacked(sent, entity.getContentEncoding(), most) : sent;
        response.setEntity(new ByteArrayEntity(body, type(entity)));
        // Camel would unpack it once more, and without a bound.
        response.removeHeaders(HttpHeaders.CONTENT_ENCODING);
        return body.length <= most;
    }

    /** Nobody asks for a compression, and some compress all the same. */
    private static byte[] unpacked(byte[] sent, @Nullable String encoding, int most) throws AnswerRefusedException {
        if (encoding == null || !GZIP.contains(encoding.strip().toLowerCase(Locale.ROOT))) {
            return sent;
        }
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(sent))) {
            return in.readNBytes(most + 1);
        } catch (IOException e) {
            LOG.debug("An answer cannot be unpacked", e);
            throw new AnswerRefusedException("it is not compressed with gzip, as it says");
        }
    }

    /** What the answer says that it is; null if that cannot be, such as a character set of an impossible name. */
    private static @Nullable ContentType type(HttpEntity entity) {
        try {
            return ContentType.parseLenient(entity.getContentType());
        } catch (IllegalArgumentException e) {
            LOG.debug("An answer's type is passed over", e);
            return null;
        }
    }
}
