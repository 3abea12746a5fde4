package dev.serai.wire.cloudevents;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.serai.wire.Characters;
import dev.serai.wire.RegistryFrame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a CloudEvent that is a JSON object: in a stream, and the data as the text that it is, so that it costs no more than
 * its bytes whatever is in them. For one value and one thread.
 */
final class StructuredMode {
    private static final String DATA = "data";
    private static final String DATA_BASE64 = "data_base64";

    /** No CloudEvent has a name with an underscore; an event as it is has this one. */
    private static final String CHARACTER_ID = "character_id";

    private static final String SPECVERSION = '"' + Attributes.SPECVERSION + '"';

    /** Remembers nothing of what it reads, whose names are anybody's. */
    private static final JsonFactory STREAMS = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private final Attributes attributes = new Attributes(Mode.STRUCTURED);
    private final Set<String> seen = new HashSet<>();
    private final String text;
    private final boolean isWhole;
    private int dataBegin = -1;
    private int dataEnd = -1;
    private byte @Nullable [] decodedData;
    private String dataPlace = "/" + DATA;

    private StructuredMode(byte[] framed, int maxBytes) {
        byte[] value = RegistryFrame.takenOff(framed);
        isWhole = value.length <= maxBytes;
        String decoded = decoded(value, maxBytes);
        text = Characters.withoutMark(decoded);
    }

    /** What is no UTF-8 is refused, and read as far as it can be. */
    private String decoded(byte[] value, int maxBytes) {
        if (isWhole) {
            Optional<String> whole = Characters.ofUtf8(value);
            if (whole.isPresent()) {
                return whole.get();
            }
            attributes.problem("the CloudEvent is not valid UTF-8");
        }
        return new String(value, 0, Math.min(value.length, maxBytes), StandardCharsets.UTF_8);
    }

    /** The CloudEvent of a record whose content type says that it is one. */
    static CloudEvent read(MediaType contentType, byte @Nullable [] value, int maxBytes) {
        StructuredMode structured = new StructuredMode(value == null ? new byte[0] : value, maxBytes);
        String place = "header " + BinaryMode.CONTENT_TYPE;
        if (contentType.isBatch()) {
            structured.attributes.problem(
                    place + ": a batch of CloudEvents, which Kafka's binding does not have: publish a record for each");
        } else if (!contentType.isJsonFormat()) {
            structured.attributes.problem(place + ": a CloudEvent that is not in JSON, expected "
                    + MediaType.CLOUD_EVENT_JSON + ", or binary mode");
        }
        Validation.checkCharset(structured.attributes, place, contentType);
        if (value != null) {
            RegistryFrame.foreign(value).ifPresent(structured.attributes::problem);
        }
        structured.read();
        return structured.cloudEvent();
    }

    /**
     * The CloudEvent that a record without a content type is: an object that has the required attributes and data, and is no
     * event as it is.
     */
    static Optional<CloudEvent> find(byte @Nullable [] value, int maxBytes) {
        if (value == null || !mentionsVersion(value, maxBytes)) {
            return Optional.empty();
        }
        StructuredMode structured = new StructuredMode(value, maxBytes);
        structured.read();
        boolean isOne = structured.seen.containsAll(Attributes.REQUIRED)
                && (structured.seen.contains(DATA) || structured.seen.contains(DATA_BASE64))
                && !structured.seen.contains(CHARACTER_ID);
        return isOne ? Optional.of(structured.cloudEvent()) : Optional.empty();
    }

    /** Most events have no such text anywhere, and are not read twice. */
    private static boolean mentionsVersion(byte[] value, int maxBytes) {
        int looked = Math.min(value.length, maxBytes);
        return new String(value, 0, looked, StandardCharsets.ISO_8859_1).contains(SPECVERSION);
    }

    private void read() {
        try (JsonParser json = STREAMS.createParser(text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                attributes.problem("the CloudEvent is no JSON object");
                return;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                readField(json);
            }
            if (json.nextToken() != null) {
                attributes.problem("something stands behind the end of the CloudEvent");
            }
        } catch (JsonProcessingException e) {
            attributes.problem("the CloudEvent " + complaint(e));
        } catch (IOException e) {
            throw new UncheckedIOException("a text cannot fail to be read", e);
        }
    }

    /** Not the parser's words, which quote what it met. */
    private static String complaint(JsonProcessingException e) {
        JsonLocation location = e.getLocation();
        return (e instanceof StreamConstraintsException
                        ? "is nested too deeply, or has a name, text or number that is too long"
                        : "is not valid JSON")
                + (location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr());
    }

    private void readField(JsonParser json) throws IOException {
        String name = json.currentName();
        JsonToken token = json.nextToken();
        switch (name) {
            case DATA -> readData(json, token);
            case DATA_BASE64 -> readBase64(json, token);
            case CHARACTER_ID -> seen.add(name);
            default -> {
                if (Attributes.KNOWN.contains(name)) {
                    readAttribute(name, json, token);
                }
            }
        }
        json.skipChildren();
    }

    private void readAttribute(String name, JsonParser json, JsonToken token) throws IOException {
        if (token == JsonToken.VALUE_NULL) {
            return;
        }
        if (!seen.add(name)) {
            attributes.wrong(name, "is there twice");
        } else if (token == JsonToken.VALUE_STRING) {
            attributes.put(name, json.getText());
        } else if (!Attributes.EXTENSIONS.contains(name)) {
            attributes.wrong(name, "expected a text");
        }
    }

    private void readData(JsonParser json, JsonToken token) throws IOException {
        if (token == JsonToken.VALUE_NULL) {
            return;
        }
        checkOnce(DATA);
        if (token != JsonToken.START_OBJECT) {
            attributes.wrong(DATA, "expected an object");
            return;
        }
        dataBegin = (int) json.currentLocation().getCharOffset() - 1;
        dataEnd = text.length();
        json.skipChildren();
        dataEnd = (int) json.currentLocation().getCharOffset();
    }

    private void readBase64(JsonParser json, JsonToken token) throws IOException {
        if (token == JsonToken.VALUE_NULL) {
            return;
        }
        checkOnce(DATA_BASE64);
        dataPlace = "/" + DATA_BASE64;
        if (token != JsonToken.VALUE_STRING) {
            attributes.wrong(DATA_BASE64, "expected a text in base64");
            return;
        }
        try {
            decodedData = Base64.getDecoder().decode(json.getText());
        } catch (IllegalArgumentException e) {
            attributes.wrong(DATA_BASE64, "is not valid base64");
        }
    }

    private void checkOnce(String name) {
        if (!seen.add(name)) {
            attributes.wrong(name, "is there twice");
        } else if (seen.contains(DATA) && seen.contains(DATA_BASE64)) {
            attributes.wrong(name, "expected at most one of data and data_base64");
        }
    }

    private CloudEvent cloudEvent() {
        String type = attributes.get(Attributes.DATACONTENTTYPE);
        if (type != null) {
            Validation.checkData(attributes, Mode.STRUCTURED.place(Attributes.DATACONTENTTYPE), MediaType.of(type));
        }
        byte[] data = decodedData;
        if (dataBegin >= 0) {
            data = text.substring(dataBegin, dataEnd).getBytes(StandardCharsets.UTF_8);
        }
        if (data == null && isWhole) {
            attributes.wrong(DATA, "is required: the event itself, an object");
        }
        return Validation.cloudEvent(attributes, data, dataPlace);
    }
}
