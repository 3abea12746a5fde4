package dev.serai.conversation;

import dev.serai.session.OpenSession;
import java.util.List;

/** The open sessions of this process's conversations, as far as an end event needs them. Thread-safe. */
public interface KnownSessions {
    /** Those of one conversation; empty if none is known to be open. */
    List<OpenSession> of(int partition, byte[] key);

    /**
     * One of them is over.
     *
     * @return whether it was known
     */
    boolean ended(int partition, byte[] key, OpenSession session);
}
