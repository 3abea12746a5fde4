package dev.serai.cli;

import dev.serai.trial.standin.SessionRules;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code serai standin} that say how it decides where the provider's pages can be read in two ways. */
final class StandInRuleOptions {
    @Option(
            names = "--gone-session",
            paramLabel = "READING",
            description = "What a character_session_id is answered that is not known: ${COMPLETION-CANDIDATES}"
                    + " (default: not_found, which is 404; the others are the texts of 400).")
    private SessionRules.@Nullable GoneSession goneSession;

    @Option(
            names = "--foreign-session",
            paramLabel = "READING",
            description = "And one that belongs to another API key: ${COMPLETION-CANDIDATES} (default: forbidden).")
    private SessionRules.@Nullable ForeignSession foreignSession;

    @Option(
            names = "--second-create",
            paramLabel = "READING",
            description = "What is answered to another call for a room of a shared_session_key in use:"
                    + " ${COMPLETION-CANDIDATES} (default: conflict, which is 409).")
    private SessionRules.@Nullable SecondCreate secondCreate;

    @Option(
            names = "--disconnect-ends",
            paramLabel = "READING",
            description = "What /disconnect ends: ${COMPLETION-CANDIDATES} (default: session).")
    private SessionRules.@Nullable DisconnectEnds disconnectEnds;

    @Option(
            names = "--idle-after-ms",
            paramLabel = "MS",
            description = "Each session ends by itself so long after it was opened (default: never).")
    private @Nullable Long idleAfterMillis;

    @Option(
            names = "--max-sessions",
            paramLabel = "N",
            description = "Slots of each API key; a call above that is answered 429 (default: no limit).")
    private @Nullable Integer maxSessions;

    @Nullable
    Integer maxSessions() {
        return maxSessions;
    }

    /** @throws IllegalArgumentException if one of them cannot be */
    SessionRules rules() {
        if (maxSessions != null && maxSessions < 0) {
            throw new IllegalArgumentException("maxSessions must be at least 0, was " + maxSessions);
        }
        SessionRules rules = SessionRules.defaults();
        rules = goneSession == null ? rules : rules.withGoneSession(goneSession);
        rules = foreignSession == null ? rules : rules.withForeignSession(foreignSession);
        rules = secondCreate == null ? rules : rules.withSecondCreate(secondCreate);
        rules = disconnectEnds == null ? rules : rules.withDisconnectEnds(disconnectEnds);
        return idleAfterMillis == null ? rules : rules.withIdleAfter(Duration.ofMillis(idleAfterMillis));
    }
}
