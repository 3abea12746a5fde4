package dev.serai.engine;

import dev.serai.engine.ledger.PartitionLedger;
import org.apache.kafka.common.TopicPartition;

/** Makes deliveries of which the records are published and no offset is committed, for tests of events that nobody has read. */
public final class LoneDelivery {
    private LoneDelivery() {}

    /** That the committer of a running service commits. */
    public static Delivery of(StartEventClients clients, String name) {
        return of(clients.parts.committer(), name);
    }

    public static Delivery of(Committer committer, String name) {
        return of(committer, name, Delivery.Completes.NOTHING);
    }

    static Delivery of(Committer committer, String name, Delivery.Completes completes) {
        Assignment nobodys = new Assignment(
                new AssignmentsLock(),
                new HeldTotals(1, Long.MAX_VALUE),
                new TopicPartition("nobodys", 0),
                PartitionLedger.empty(name, 0),
                -1);
        Delivery delivery = new Delivery(name, committer, nobodys, 0, 0, completes);
        nobodys.hold(delivery);
        return delivery;
    }
}
