package dev.serai.session;

/** A session whose time to be ended has come. Told apart by identity; thread-safe. */
public final class DueSession {
    final OpenEntry entry;
    private final OpenSession session;

    DueSession(OpenEntry entry) {
        this.entry = entry;
        session = entry.session;
    }

    public OpenSession session() {
        return session;
    }
}
