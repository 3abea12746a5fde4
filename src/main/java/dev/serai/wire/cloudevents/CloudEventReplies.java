package dev.serai.wire.cloudevents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RecordHeader;
import dev.serai.wire.Reply;
import dev.serai.wire.TraceContext;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes a CloudEvent of the reply to one, in the mode in which that came and strictly as the binding says; a reply to
 * any other event stays as it is. What is in attributes is for routers, brokers and logs to read: none is a secret. Immutable.
 */
public final class CloudEventReplies {
    /** The schema's id. */
    private static final String DATASCHEMA = "https://serai.dev/schema/reply.json";

    /** As Knative names them on dead letters. */
    private static final String ERROR_CODE = "knativeerrorcode";

    private static final String ERROR_DATA = "knativeerrordata";

    private static final String DATA = "data";
    private static final String SUBJECT = "subject";

    /** Those that no request can have come back as correlation headers. */
    private static final Set<String> OWN_HEADERS = Set.of(
            BinaryMode.CONTENT_TYPE,
            "ce_specversion",
            "ce_id",
            "ce_source",
            "ce_type",
            "ce_subject",
            "ce_time",
            "ce_datacontenttype",
            "ce_dataschema",
            "ce_" + ERROR_CODE,
            "ce_" + ERROR_DATA,
            "ce_" + TraceContext.PARENT,
            "ce_" + TraceContext.STATE);

    /** What a CloudEvent's texts may not hold. */
    private static final Pattern NOT_ALLOWED = Pattern.compile("[\\p{Cc}\\p{Cs}\\x{FDD0}-\\x{FDEF}\\x{FFFE}\\x{FFFF}]");

    private final String source;

    /** @param source a URI reference: whose events the replies are */
    public CloudEventReplies(String source) {
        this.source = source;
    }

    /** Those of a service without a source of its own, by its consumer group. */
    public static CloudEventReplies ofGroup(String group) {
        return new CloudEventReplies(
                "urn:serai:" + URLEncoder.encode(group, StandardCharsets.UTF_8).replace("+", "%20"));
    }

    /**
     * Adds what makes a CloudEvent of a reply, if it answers one.
     *
     * @param headers of the reply so far
     * @param eventId of the event that is answered
     * @return makes the record's value of the reply's, which routes may have changed by then
     */
    public UnaryOperator<byte[]> addTo(
            List<RecordHeader> headers, Reply reply, OriginalRecord request, String eventId, Instant now) {
        Optional<CloudEvent> asked = CloudEvent.in(request);
        if (asked.isEmpty()) {
            return UnaryOperator.identity();
        }
        headers.removeIf(header -> OWN_HEADERS.contains(header.name()));
        Map<String, Object> attributes =
                attributes(reply, request, eventId, now, asked.get().trace());
        return switch (asked.get().mode()) {
            case BINARY -> {
                attributes.forEach((name, value) -> headers.add(text(Attributes.PREFIX + name, value.toString())));
                headers.add(text(BinaryMode.CONTENT_TYPE, MediaType.JSON));
                yield UnaryOperator.identity();
            }
            case STRUCTURED -> {
                headers.add(text(BinaryMode.CONTENT_TYPE, MediaType.CLOUD_EVENT_JSON));
                yield data -> structured(attributes, data);
            }
        };
    }

    /** What a route has made of the reply may be no JSON; and JSON may be nested so deeply that nothing can be around it. */
    private static byte[] structured(Map<String, Object> attributes, byte[] data) {
        ObjectNode envelope = Json.MAPPER.valueToTree(attributes);
        try {
            JsonNode json = Json.MAPPER.readTree(data);
            envelope.put(Attributes.DATACONTENTTYPE, MediaType.JSON).set(DATA, json);
            return Json.MAPPER.writeValueAsBytes(envelope);
        } catch (IOException e) {
            envelope.remove(DATA);
            envelope.put("data_base64", Base64.getEncoder().encodeToString(data));
            return Json.bytes(envelope);
        }
    }

    private Map<String, Object> attributes(
            Reply reply, OriginalRecord request, String eventId, Instant now, Optional<TraceContext> trace) {
        String type = "dev.serai.conversation." + reply.status() + ".v1";
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put(Attributes.SPECVERSION, "1.0");
        attributes.put(Attributes.ID, id(type, request, eventId));
        attributes.put(Attributes.SOURCE, source);
        attributes.put(Attributes.TYPE, type);
        String key = request.conversationKey();
        if (isAllowed(key)) {
            attributes.put(SUBJECT, key);
        }
        attributes.put(Attributes.TIME, now.truncatedTo(ChronoUnit.MILLIS).toString());
        attributes.put("dataschema", DATASCHEMA);
        if (reply instanceof Reply.Failed failed) {
            Integer status = failed.failure().httpStatus();
            if (status != null) {
                attributes.put(ERROR_CODE, status);
            }
            attributes.put(ERROR_DATA, failed.failure().category().wireName());
        }
        trace.ifPresent(context -> {
            attributes.put(TraceContext.PARENT, context.parent());
            if (context.state() != null) {
                attributes.put(TraceContext.STATE, context.state());
            }
        });
        return attributes;
    }

    private static boolean isAllowed(@Nullable String text) {
        return text != null && !NOT_ALLOWED.matcher(text).find();
    }

    /**
     * The same for each reply of that kind to that record, whichever process makes it. A record that is sent again
     * is another one, and its answer is no duplicate of the first.
     */
    private static String id(String type, OriginalRecord request, String eventId) {
        String answered =
                String.join("\n", request.position(), request.timestamp().toString(), type, eventId);
        return UUID.nameUUIDFromBytes(answered.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static RecordHeader text(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
