package dev.serai.wire.event;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.EndConversation;
import java.util.List;
import java.util.Optional;

/** Whether an event has the form that the schemas ask for, before it is published. Immutable and thread-safe. */
public final class EventForm {
    private static final String FINAL = "final";

    private final Form start = new Form(EventSchema.start());
    private final Form end = new Form(EventSchema.end());

    private record Form(EventSchema schema, EventFields fields) {
        Form(EventSchema schema) {
            this(schema, schema.fields());
        }
    }

    /**
     * What would be refused or ignored: what the schema does not allow, and fields that there are not, as of a name that was
     * misspelt.
     *
     * @param event loses its nulls, which mean absent
     * @return each with its JSON pointer and the expectation; values are not quoted; empty if nothing is wrong
     */
    public Optional<String> problems(ObjectNode event) {
        if (event.hasNonNull(EndConversation.ACTION)
                && !EndConversation.START.equals(
                        event.get(EndConversation.ACTION).textValue())
                && !EndConversation.END.equals(event.get(EndConversation.ACTION).textValue())) {
            return Optional.of("/action: must be \"start\", which is the default, or \"end\"");
        }
        StartEventDecoder.withoutNulls(event);
        boolean ends =
                EndConversation.END.equals(event.path(EndConversation.ACTION).textValue());
        Form form = ends ? end : start;
        Optional<String> problems = form.schema().problems(event);
        if (problems.isPresent()) {
            return problems;
        }
        if (ends && event.path(FINAL).asBoolean() && event.has(EventIdentity.CHARACTER_ID)) {
            return Optional.of(
                    "/character_id: expected none in an event of \"final\": true, which ends the conversation"
                            + " for all characters; leave it out, or \"final\"");
        }
        List<String> unknown = form.fields().unknown(event);
        return unknown.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", unknown));
    }

    /** Whether start or end events have a field of this name. */
    public boolean hasField(String name) {
        return start.fields().isKnown(name) || end.fields().isKnown(name);
    }

    /** The name that was probably meant by one that neither of them has. */
    public Optional<String> suggestion(String name) {
        return start.fields().suggestion(name).or(() -> end.fields().suggestion(name));
    }
}
