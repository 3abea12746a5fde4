package dev.serai.engine;

/**
 * The event is no longer this process's: its partition went to another replica, or the service stops. Whoever owns the
 * partition next runs it. Expected, so without a stack trace.
 */
public final class DeliveryRevokedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean published;

    DeliveryRevokedException(String event) {
        this(event, false);
    }

    /** @param published whether what was to be committed may be committed nevertheless */
    DeliveryRevokedException(String event, boolean published) {
        super(event + " is left to the next owner of its partition", null, false, false);
        this.published = published;
    }

    /** Whether the service stopped in the middle of the event's transaction, so that Kafka may have committed it nevertheless. */
    public boolean isPerhapsPublished() {
        return published;
    }
}
