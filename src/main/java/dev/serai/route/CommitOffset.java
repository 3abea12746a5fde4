package dev.serai.route;

import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.kafka.consumer.KafkaManualCommit;

/** Commits the record's offset; the last step, after the reply or the dead letter was acknowledged. Thread-safe. */
public final class CommitOffset implements Processor {
    @Override
    public void process(Exchange exchange) {
        Objects.requireNonNull(
                        exchange.getProperty(ExchangeKeys.COMMIT, KafkaManualCommit.class),
                        "start-conversation needs allowManualCommit=true and autoCommitEnable=false")
                .commit();
    }
}
