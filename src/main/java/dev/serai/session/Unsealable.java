package dev.serai.session;

import dev.serai.loop.Counted;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open sessions that one restore could not unseal. For one thread. */
final class Unsealable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionRestore.class);

    private final SortedMap<String, Integer> unknownKeys = new TreeMap<>();
    private int damaged;

    void add(OpenLoad.Outcome outcome) {
        outcome.unknownKeys().forEach((id, sessions) -> unknownKeys.merge(id, sessions, Integer::sum));
        damaged += outcome.damaged();
    }

    /** Says what there is to say. */
    void warn() {
        if (!unknownKeys.isEmpty()) {
            LOG.warn(
                    "Open sessions are left to end by themselves, for they are sealed with keys that serai.sessions.key-file does"
                            + " not hold: so many by each key: {}. Put the keys back, behind the first one",
                    unknownKeys);
        }
        if (damaged > 0) {
            LOG.warn(
                    "{} left to end by themselves, for they cannot be unsealed: their session records were changed, or copied"
                            + " from other conversations",
                    Counted.text(damaged, "open session is", "open sessions are"));
        }
    }
}
