package dev.serai.conversation;

import dev.serai.engine.DeliveryRevokedException;
import dev.serai.lane.LaneEndpoint;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.Exchange;

/**
 * Tells the end of an event that is to run again elsewhere from a failure of its own. It is left to the next owner of its
 * partition if its lane was stopped under it, whatever its step made of the interrupt; or if its partition is to go to
 * another owner, or the service stops, and it ended because of that. An interrupt, or a pool that takes no more, is a
 * failure like any other as long as the event is this process's: it has to be answered. Stateless, thread-safe.
 */
public final class LeftToNextOwner {
    private static final int DEEPEST_CAUSE = 20;

    /** For the failure policy's {@code onWhen}, on the event's own thread, after a step has failed. */
    public boolean isLeft(Exchange exchange) {
        if (LaneEndpoint.isStopped(exchange)) {
            return true;
        }
        Throwable cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
            if (cause instanceof DeliveryRevokedException) {
                return true;
            }
            if (cause instanceof InterruptedException || cause instanceof RejectedExecutionException) {
                return EventInFlight.of(exchange).delivery().isRevoked();
            }
            cause = cause.getCause();
        }
        return false;
    }
}
