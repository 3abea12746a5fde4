package dev.serai.lane;

import dev.serai.loop.OutOfMemory;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.spi.InflightRepository;
import org.apache.camel.spi.UnitOfWork;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.UnitOfWorkHelper;
import org.slf4j.MDC;

/**
 * An exchange in a lane: it runs through the route, on its key's thread, or is ended as failed.
 *
 * @param consumer of the route
 */
record HeldExchange(Exchange exchange, DefaultConsumer consumer) implements Runnable {
    @Override
    public void run() {
        try {
            process();
        } finally {
            // The thread goes on with the key's next exchange, whose log lines are not about this one.
            MDC.clear();
        }
    }

    private void process() {
        try {
            consumer.getProcessor().process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        if (exchange.getException() != null) {
            tell(exchange.getException());
        }
    }

    /** Errors: Camel turns exceptions into a failure of the exchange, but lets these out of the route as they are. */
    void broke(Throwable error) {
        OutOfMemory.endProcessIf(error);
        fail(error);
        tell(error);
    }

    private void tell(Throwable reason) {
        consumer.getExceptionHandler().handleException("Error processing exchange", exchange, reason);
    }

    /** Ends the exchange, which its route did not end, as failed. Completions that have run before are not run again. */
    void fail(Throwable reason) {
        exchange.setException(reason);
        UnitOfWork unitOfWork = exchange.getUnitOfWork();
        if (unitOfWork == null) {
            UnitOfWorkHelper.doneSynchronizations(
                    exchange, exchange.getExchangeExtension().handoverCompletions());
            return;
        }
        // The routes that an error came through still count the exchange; a shutdown would wait for it in vain.
        InflightRepository inflight = exchange.getContext().getInflightRepository();
        for (Route route = unitOfWork.popRoute(); route != null; route = unitOfWork.popRoute()) {
            inflight.remove(exchange, route.getRouteId());
        }
        UnitOfWorkHelper.doneUow(unitOfWork, exchange);
    }
}
