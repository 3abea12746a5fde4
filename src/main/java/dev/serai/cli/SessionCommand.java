package dev.serai.cli;

import dev.serai.session.ConversationLookup;
import dev.serai.session.SessionRecord;
import dev.serai.session.SessionRestoreException;
import java.io.IOException;
import java.time.Duration;
import java.util.SortedMap;
import picocli.CommandLine.Parameters;

/** A command about what is remembered of one conversation. For one call. */
abstract class SessionCommand extends SettingsCommand {
    static final Duration READ_LIMIT = Duration.ofMinutes(2);

    @Parameters(
            paramLabel = "KEY",
            description = "The conversation key; one that is not UTF-8 as 0x and hexadecimal digits.")
    private String key = "";

    final byte[] key() {
        return ConversationKey.bytes(key);
    }

    /**
     * What the session topic holds of the conversation, empty if nothing, which it has said then.
     *
     * @param where which Kafka that is
     * @throws IOException with a message for the user, if there is no such topic
     */
    final SortedMap<Integer, SessionRecord.Content> find(ConversationLookup lookup, String topic, String where)
            throws IOException {
        SortedMap<Integer, SessionRecord.Content> found;
        try {
            found = lookup.find();
        } catch (SessionRestoreException e) {
            throw new IOException(e.getMessage() + "; asked was " + where, e);
        }
        if (found.isEmpty()) {
            say("nothing is remembered of " + key + " on " + topic + " of " + where);
        }
        return found;
    }
}
