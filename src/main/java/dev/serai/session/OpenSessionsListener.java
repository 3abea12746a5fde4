package dev.serai.session;

import java.util.Locale;

/** Is told of sessions on the thread of whoever changed something, without a lock; must not block. */
public interface OpenSessionsListener {
    /** Fewer of the tenant's sessions count as open: one is over, or its partition is somebody else's. */
    void fewer(String tenant);

    /**
     * Sessions are not known any more that may be open.
     *
     * @param sessions how many; at least 1
     */
    void lost(Lost why, int sessions);

    /** Why a session that may be open cannot be ended any more. */
    enum Lost {
        /** More are open than are kept. */
        TOO_MANY,
        /** It was to be ended at its time, and its partition has another owner, to which it is not known. */
        HANDED_OVER,
        /** It is sealed with a key that is not there, or cannot be opened for another reason. */
        SEALED;

        /** For metrics, such as {@code too_many}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
