package dev.serai.intake;

import dev.serai.engine.Delivery;
import dev.serai.lane.LaneEndpoint;
import dev.serai.lane.Standing;
import dev.serai.route.ReceivedRecord;
import java.time.InstantSource;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.consumer.KafkaManualCommit;

/**
 * Turns what camel-kafka delivers into a {@link RawRecord} of an intake, and empties the message. The record is settled when
 * its exchange has ended, see {@link SettleRawRecord}. Thread-safe.
 */
public final class AcceptRawRecord implements Processor {
    private final Intake intake;
    private final SettleRawRecord settle;
    private final InstantSource clock;

    public AcceptRawRecord(Intake intake, SettleRawRecord settle, InstantSource clock) {
        this.intake = intake;
        this.settle = settle;
        this.clock = clock;
    }

    @Override
    public void process(Exchange exchange) {
        if (!(exchange.getMessage().getHeader(KafkaConstants.MANUAL_COMMIT, KafkaManualCommit.class)
                instanceof Delivery delivery)) {
            String clients = "#" + Intake.clientsBean(intake.name());
            throw new IllegalStateException("mapped-intake needs autoCommitEnable=false, allowManualCommit=true,"
                    + " kafkaClientFactory=" + clients + " and kafkaManualCommitFactory=" + clients);
        }
        RawRecord raw = new RawRecord(intake, ReceivedRecord.takenFrom(exchange.getMessage(), clock), delivery);
        raw.attachTo(exchange);
        byte[] key = raw.original().key();
        // Without a key it is in order with no other.
        if (key != null && key.length > 0) {
            exchange.setProperty(LaneEndpoint.KEY_PROPERTY, key);
        }
        exchange.setProperty(
                LaneEndpoint.STANDING_PROPERTY,
                new Standing(intake.name(), raw.original().timestamp(), delivery::isRevoked));
        exchange.getExchangeExtension().addOnCompletion(settle.whenDone(raw));
        delivery.takeOver();
    }
}
