package dev.serai.engine;

/**
 * The event is no longer this process's: its partition went to another replica, or the service stops. Whoever owns the
 * partition next runs it. Expected, so without a stack trace.
 */
public final class DeliveryRevokedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DeliveryRevokedException(String event) {
        super(event + " is left to the next owner of its partition", null, false, false);
    }
}
