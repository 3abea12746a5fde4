package dev.serai.engine;

/** Ends what a start event waits for when nobody wants its room any more. Expected, so without a stack trace. */
public final class DeliveryCancelledException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param why for whoever reads the event's answer */
    DeliveryCancelledException(String why) {
        super(why, null, false, false);
    }
}
