package dev.serai.wire;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The command to forget what is remembered of a conversation, as it stands on the start topic: the key is the
 * conversation's, the value is null, and the header {@code serai-command} says {@code forget}. It goes there, and not
 * to the session topic, so that it runs in order with the conversation's events.
 */
public final class ForgetCommand {
    /** The header that makes a record of the start topic a command. */
    public static final String HEADER = "serai-command";

    public static final String FORGET = "forget";

    private ForgetCommand() {}

    /**
     * Whether the record is this command. Only a record without a value is: an event whose publisher passes on foreign
     * headers stays an event.
     */
    public static boolean isIn(OriginalRecord original) {
        return original.value() == null
                && original.headerText(HEADER).filter(FORGET::equals).isPresent();
    }

    /** What the command's record carries. */
    public static List<RecordHeader> headers() {
        return List.of(new RecordHeader(HEADER, FORGET.getBytes(StandardCharsets.UTF_8)));
    }
}
