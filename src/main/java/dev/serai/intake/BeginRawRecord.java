package dev.serai.intake;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** A raw record's turn in its lane has come. It ends here if its partition is to go to another owner. Stateless. */
public final class BeginRawRecord implements Processor {
    @Override
    public void process(Exchange exchange) {
        if (!RawRecord.of(exchange).delivery().begin()) {
            exchange.setRouteStop(true);
        }
    }
}
