package dev.serai.intake;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Notes that what a raw record comes to is in its outbox, so that it is committed when its route has ended. Stateless,
 * thread-safe.
 */
public final class NoteSettled implements Processor {
    @Override
    public void process(Exchange exchange) {
        RawRecord.of(exchange).settled();
    }
}
