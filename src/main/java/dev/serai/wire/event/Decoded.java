package dev.serai.wire.event;

import dev.serai.wire.ConnectionType;
import dev.serai.wire.EndConversation;
import dev.serai.wire.IgnoredFields;
import dev.serai.wire.StartConversation;
import org.jspecify.annotations.Nullable;

/** What became of a record's bytes. */
public sealed interface Decoded {

    /**
     * A start event, complete with its defaults, and what it says in fields that there are not.
     *
     * @param namesDeadline whether it says itself until when it is wanted
     */
    record Accepted(StartConversation event, IgnoredFields ignored, boolean namesDeadline) implements Decoded {}

    /** An end event, complete with its defaults, and what it says in fields that there are not. */
    record End(EndConversation event, IgnoredFields ignored) implements Decoded {}

    /**
     * No event.
     *
     * @param reason what was expected where, for the publisher to read
     * @param eventId the event's own id if it could be read, else the default one
     * @param characterId null if it could not be read
     * @param connectionType null if it could not be read
     * @param ignored of an event that could be parsed
     */
    record Refused(
            String reason,
            String eventId,
            @Nullable String characterId,
            @Nullable ConnectionType connectionType,
            IgnoredFields ignored)
            implements Decoded {

        /** The same of an event that is within something else; what is wrong with a header has its place. */
        Refused in(String place) {
            return reason.startsWith("header ")
                    ? this
                    : new Refused("in " + place + ": " + reason, eventId, characterId, connectionType, ignored);
        }
    }
}
