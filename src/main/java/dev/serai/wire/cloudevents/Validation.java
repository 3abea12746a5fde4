package dev.serai.wire.cloudevents;

import dev.serai.wire.TraceContext;
import dev.serai.wire.cloudevents.CloudEvent.Action;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What attributes have to be, in either mode. Stateless. */
final class Validation {
    private static final String VERSION = "1.0";

    /** What is repeated of a type that is unknown. */
    private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9._/:-]{1,100}");

    private static final int FIRST_YEAR = 0;
    private static final int LAST_YEAR = 9999;

    private Validation() {}

    /** @param data null if there is none */
    static CloudEvent cloudEvent(Attributes attributes, byte @Nullable [] data, String dataPlace) {
        for (String name : Attributes.REQUIRED) {
            if (!attributes.has(name)) {
                attributes.wrong(name, "is required in a CloudEvent");
            }
        }
        String version = attributes.get(Attributes.SPECVERSION);
        if (version != null && !VERSION.equals(version)) {
            attributes.wrong(Attributes.SPECVERSION, "expected " + VERSION);
        }
        Action action = action(attributes);
        Instant time = time(attributes);
        return new CloudEvent(
                attributes.mode(),
                CloudEvent.EventName.of(attributes),
                action,
                time,
                TraceContext.of(attributes.get(Attributes.TRACEPARENT), attributes.get(Attributes.TRACESTATE)),
                data,
                dataPlace,
                attributes.problem());
    }

    private static @Nullable Action action(Attributes attributes) {
        String type = attributes.get(Attributes.TYPE);
        if (type == null) {
            return null;
        }
        return Arrays.stream(Action.values())
                .filter(action -> action.type().equals(type))
                .findFirst()
                .orElseGet(() -> {
                    attributes.wrong(
                            Attributes.TYPE,
                            (TYPE.matcher(type).matches() ? type + " is unknown" : "is unknown") + ", expected "
                                    + Action.START.type() + " or " + Action.END.type());
                    return null;
                });
    }

    /** RFC 3339, with as many as nine digits of a fraction. */
    private static @Nullable Instant time(Attributes attributes) {
        String text = attributes.get(Attributes.TIME);
        if (text == null) {
            return null;
        }
        try {
            OffsetDateTime time = OffsetDateTime.parse(text);
            if (time.getYear() >= FIRST_YEAR && time.getYear() <= LAST_YEAR) {
                return time.toInstant();
            }
        } catch (DateTimeException e) {
            // Said below.
        }
        attributes.wrong(
                Attributes.TIME, "expected an RFC 3339 date and time with a zone, such as 2026-01-31T10:00:00Z");
        return null;
    }

    /** @param place of the content type of the data */
    static void checkData(Attributes attributes, String place, MediaType type) {
        if (!type.isJson()) {
            attributes.problem(place + ": the data of an event is JSON, expected " + MediaType.JSON);
        } else {
            checkCharset(attributes, place, type);
        }
    }

    static void checkCharset(Attributes attributes, String place, MediaType type) {
        if (!type.isUtf8()) {
            attributes.problem(place + ": JSON is in UTF-8, expected charset=UTF-8 or none");
        }
    }
}
