package dev.serai.operate.letters;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a replay does with a letter. */
sealed interface Verdict {
    /**
     * Publishes its event again.
     *
     * @param partition null for the one that the producer chooses by the key
     */
    record Publish(String topic, @Nullable Integer partition) implements Verdict {}

    /** Leaves it as it is, for another replay. */
    record Leave(Why why) implements Verdict {}

    /** Why a letter stays. */
    enum Why {
        REPLAYED_BEFORE("replayed before"),
        EXPIRED("the event's expires_at has passed, and it would be expired again: --deadline gives a new one"),
        TOO_OFTEN("replayed --max-replays times already, and failed each time"),
        NOT_OURS("from another topic than the service reads: --to names where to"),
        NO_ORIGIN("does not say which topic it is from: --to names where to"),
        NO_TOPIC("the topic that it is from is not there: --to names another"),
        REFUSED("the topic does not take the record; the log says why");

        private final String text;

        Why(String text) {
            this.text = text;
        }

        /** For people. */
        String text() {
            return text;
        }

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
