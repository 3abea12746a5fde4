package dev.serai.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.header.Headers;

/**
 * Checks what goes over the wire against the published schemas, formats such as {@code date-time} included. A failure
 * lists every violation with its JSON pointer. Thread-safe.
 */
public final class WireSchemas {
    private static final JsonSchema START_EVENT = schema("/schema/start-conversation.json");
    private static final JsonSchema END_EVENT = schema("/schema/end-conversation.json");
    private static final JsonSchema REPLY = schema("/schema/reply.json");
    private static final JsonSchema DEAD_LETTER_HEADERS = schema("/schema/dead-letter-headers.json");
    private static final JsonSchema JOB_RUN = schema("/schema/job-run.json");
    private static final JsonSchema SESSION = schema("/schema/session.json");

    private WireSchemas() {}

    /** Checks a start event as a publisher writes it. */
    public static void assertStartEvent(JsonNode event) {
        assertValid(START_EVENT, event, "start event");
    }

    /** Checks an end event as a publisher writes it. */
    public static void assertEndEvent(JsonNode event) {
        assertValid(END_EVENT, event, "end event");
    }

    /** Checks a reply. */
    public static void assertReply(JsonNode reply) {
        assertValid(REPLY, reply, "reply");
    }

    /** Checks the value of a record of the reply topic, and returns it parsed. */
    public static JsonNode assertReply(byte[] value) {
        JsonNode reply = json("the reply", value);
        assertReply(reply);
        return reply;
    }

    /** Checks the value of a record of the session topic, and returns it parsed. */
    public static JsonNode assertSession(byte[] value) {
        JsonNode session = json("the session record", value);
        assertValid(SESSION, session, "session record");
        return session;
    }

    /** Checks how far a job is, as a record of the topic of jobs says. */
    public static void assertJobRun(byte[] value) {
        assertValid(JOB_RUN, json("the job's run", value), "job's run");
    }

    /** Checks the headers that Serai added to a dead letter, and returns them by name. */
    public static ObjectNode assertDeadLetterHeaders(List<RecordHeader> headers) {
        ObjectNode added = Json.MAPPER.createObjectNode();
        for (RecordHeader header : headers) {
            byte[] value = header.value();
            if (header.name().startsWith("serai-")) {
                added.put(header.name(), value == null ? null : text("header " + header.name(), value));
            }
        }
        assertValid(DEAD_LETTER_HEADERS, added, "headers of the dead letter");
        return added;
    }

    /** {@link #assertDeadLetterHeaders(List)} for a record that was read from Kafka. */
    public static ObjectNode assertDeadLetterHeaders(Headers headers) {
        return assertDeadLetterHeaders(List.of(headers.toArray()).stream()
                .map(header -> new RecordHeader(header.key(), header.value()))
                .toList());
    }

    private static void assertValid(JsonSchema schema, JsonNode value, String name) {
        assertThat(schema.validate(value))
                .as("violations of %s by %s", schema.getId(), name)
                .isEmpty();
    }

    private static JsonNode json(String name, byte[] value) {
        try {
            return Json.MAPPER.readTree(text(name, value));
        } catch (JsonProcessingException e) {
            throw new AssertionError(name + " is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static String text(String name, byte[] value) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new AssertionError(name + " is not UTF-8", e);
        }
    }

    private static JsonSchema schema(String resource) {
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(
                        WireSchemas.class.getResourceAsStream(resource),
                        SchemaValidatorsConfig.builder()
                                .pathType(PathType.JSON_POINTER)
                                .locale(Locale.ROOT)
                                .formatAssertionsEnabled(true)
                                .build());
    }
}
