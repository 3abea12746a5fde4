package dev.serai.cli;

import java.time.Duration;
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

    final void sayNothingIsRemembered(String topic) {
        say("nothing is remembered of " + key + " on " + topic);
    }
}
