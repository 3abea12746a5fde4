package dev.serai.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serai.settings.SeraiSettings;
import dev.serai.wire.EndConversation;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RecordHeader;
import dev.serai.wire.event.CorrelationHeaders;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** One event on the command line: a file, standard input, or nothing but options. For one call. */
final class EventOptions {
    /** More than any broker takes for a record by default. */
    private static final int MOST_BYTES = 16 << 20;

    private static final String STANDARD_INPUT = "-";
    private static final String CLOUD_EVENT_ID = "ce_id";

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            description =
                    "A file with the event, a JSON object, or a CloudEvent in structured mode; - for standard input.")
    private @Nullable String file;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description =
                    "The conversation key; one that is not UTF-8 as 0x and hexadecimal digits. Without it the event belongs"
                            + " to no conversation: nothing is remembered of it.")
    private @Nullable String key;

    @Option(names = "--character-id", paramLabel = "ID", description = "The character.")
    private @Nullable String character;

    @Option(
            names = "--event-id",
            paramLabel = "ID",
            description =
                    "The event's id. One is made if nothing names it; the same key and id again ask for the same room.")
    private @Nullable String eventId;

    @Option(names = "--end", description = "An end event: the conversation is over.")
    private boolean end;

    @Option(
            names = "--field",
            paramLabel = "NAME=VALUE",
            description =
                    "Any field of the event, its value as JSON or else as text; of a CloudEvent, of its data. Repeatable.")
    private Map<String, String> fields = new LinkedHashMap<>();

    @Option(
            names = "--header",
            paramLabel = "NAME=VALUE",
            description = "A header of the record, its value as text. Repeatable.")
    private List<String> headers = new ArrayList<>();

    /**
     * The event as a record whose place is not known yet.
     *
     * @return with a random correlation header before all others
     * @throws IOException with a message for the user, if the settings leave no header to recognize the reply by
     * @throws ParameterException if there is no such event
     */
    @SuppressWarnings("NullAway") // it does not see the annotations of a record's arrays, which may be null
    OriginalRecord event(SeraiSettings settings) throws IOException {
        List<RecordHeader> all = new ArrayList<>(List.of(correlation(settings)));
        headers.forEach(header -> all.add(header(header)));
        if (key != null && key.isEmpty()) {
            throw usage("--key must not be empty: an event of no conversation has none");
        }
        OriginalRecord given = new OriginalRecord(
                settings.kafka().startTopic(),
                0,
                0,
                Instant.now(),
                key == null ? null : ConversationKey.bytes(key),
                file == null ? null : given(file),
                all);
        EventDraft draft = draft(given);
        if (all.stream().noneMatch(header -> header.name().equals(CLOUD_EVENT_ID))) {
            draft.identify();
        }
        return draft.in(given);
    }

    private EventDraft draft(OriginalRecord given) {
        EventDraft draft = EventDraft.of(given);
        Map<String, String> texts = new LinkedHashMap<>();
        if (end) {
            texts.put(EndConversation.ACTION, EndConversation.END);
        }
        if (character != null) {
            texts.put("character_id", character);
        }
        if (eventId != null) {
            texts.put(EventDraft.EVENT_ID, eventId);
        }
        if (!draft.hasFields() && !(texts.isEmpty() && fields.isEmpty())) {
            throw usage("there are no fields to set: " + file
                    + " is not a JSON object in UTF-8, or a CloudEvent whose data is none");
        }
        fields.forEach(draft::putWritten);
        texts.forEach(draft::put);
        return draft;
    }

    private byte[] given(String name) throws IOException {
        try (InputStream in = name.equals(STANDARD_INPUT) ? System.in : new FileInputStream(name)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw usage(name + " has more than " + MOST_BYTES + " bytes: it is no event");
            }
            return bytes;
        } catch (IOException e) {
            throw usage("the event cannot be read: " + e.getMessage());
        }
    }

    private RecordHeader correlation(SeraiSettings settings) throws IOException {
        String name = new CorrelationHeaders(settings.reply().correlationHeaders())
                .ofClients()
                .findFirst()
                .orElseThrow(
                        () -> new IOException(
                                "the reply could not be recognized: serai.reply.correlation-headers names no"
                                        + " header but those of tracing; add one, such as kafka_correlationId, here and at the service"));
        return new RecordHeader(name, UUID.randomUUID().toString().getBytes(UTF_8));
    }

    private RecordHeader header(String written) {
        try {
            return WrittenHeader.of(written);
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private ParameterException usage(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }
}
