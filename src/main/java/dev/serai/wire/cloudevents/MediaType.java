package dev.serai.wire.cloudevents;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A media type as far as it matters here.
 *
 * @param name in lower case, without parameters
 * @param charset in lower case; null if it names none
 */
record MediaType(String name, @Nullable String charset) {
    static final String JSON = "application/json";
    static final String CLOUD_EVENT_JSON = "application/cloudevents+json";

    private static final String CLOUD_EVENT = "application/cloudevents";
    private static final String CHARSET = "charset=";

    static MediaType of(String text) {
        String[] parts = text.toLowerCase(Locale.ROOT).split(";", -1);
        String charset = null;
        for (String part : parts) {
            String parameter = part.strip();
            if (parameter.startsWith(CHARSET)) {
                charset =
                        parameter.substring(CHARSET.length()).replace("\"", "").strip();
            }
        }
        return new MediaType(parts[0].strip(), charset);
    }

    /** Whether a record with this content type is a CloudEvent in structured mode, or claims to be. */
    boolean isCloudEvent() {
        return name.startsWith(CLOUD_EVENT);
    }

    boolean isBatch() {
        return name.startsWith(CLOUD_EVENT + "-batch");
    }

    boolean isJsonFormat() {
        return name.equals(CLOUD_EVENT) || name.equals(CLOUD_EVENT_JSON);
    }

    boolean isJson() {
        return name.equals(JSON) || name.equals("text/json") || name.endsWith("+json");
    }

    /** Whether its text is in UTF-8, of which US-ASCII is a part. */
    boolean isUtf8() {
        return charset == null || charset.equals("utf-8") || charset.equals("utf8") || charset.equals("us-ascii");
    }
}
