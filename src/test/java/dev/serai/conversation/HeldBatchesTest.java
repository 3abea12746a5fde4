package dev.serai.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.connect.gate.Gate;
import dev.serai.connect.gate.GateRules;
import dev.serai.engine.Assignments;
import dev.serai.engine.LoneDelivery;
import dev.serai.observe.waiting.Wait;
import dev.serai.testing.IdleCommitter;
import dev.serai.wire.SampleRecords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.camel.support.UnitOfWorkHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class HeldBatchesTest {
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final AtomicReference<String> why = new AtomicReference<>();
    private final HeldBatches batches = new HeldBatches(batch -> Optional.ofNullable(why.get()));

    private static EventInFlight conversation() {
        return new EventInFlight(
                SampleRecords.original(SampleRecords.utf8("{}")),
                LoneDelivery.of(IdleCommitter.of(new Assignments(1, Long.MAX_VALUE)), "event"),
                SampleRecords.TIMESTAMP);
    }

    /** Completions run last to first, and the one that waits for the commit is the first. */
    @Test
    void eventWhoseRoutesHaveEnded_isHeldUpByItsCommit_andIsCancelledNoMore() {
        EventInFlight inFlight = conversation();
        Exchange exchange = new DefaultExchange(camel);
        List<String> meanwhile = new ArrayList<>();
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                inFlight.held().waitsFor(new Wait.Commit());
                why.set("over");
                meanwhile.add(batches.heldUpBy("job").orElse("nothing"));
                meanwhile.add("cancelled: " + batches.cancel("job"));
            }
        });
        batches.hold(inFlight, "job/1", () -> {}, exchange);

        UnitOfWorkHelper.doneSynchronizations(
                exchange, exchange.getExchangeExtension().handoverCompletions());

        assertThat(meanwhile).containsExactly(new Wait.Commit().brief(), "cancelled: 0");
        assertThat(inFlight.delivery().isUnwanted()).isFalse();
        assertThat(batches.heldUpBy("job")).isEmpty();
    }

    @Test
    void eventThatCannotBeEnded_keepsNoOtherFromIt_andTheNextTellingCountsNone() {
        List<EventInFlight> events = new ArrayList<>();
        for (int number = 1; number <= 10; number++) {
            EventInFlight event = conversation();
            events.add(event);
            Runnable endNow = number % 2 == 0
                    ? () -> {}
                    : () -> {
                        throw new IllegalStateException("of the test");
                    };
            batches.hold(event, "job/" + number, endNow, new DefaultExchange(camel));
        }
        EventInFlight another = conversation();
        batches.hold(another, "another/1", () -> {}, new DefaultExchange(camel));
        why.set("over");

        assertThat(batches.cancel("job")).isEqualTo(10);
        assertThat(batches.cancel("job")).isZero();
        assertThat(events).allMatch(event -> event.delivery().isUnwanted());
        assertThat(another.delivery().isUnwanted()).isFalse();
    }

    /** Live callers go through the same lock. */
    @Test
    void gateThatManyEventsWaitAt_isAskedOnce() {
        AtomicLong nanos = new AtomicLong(1_000_000_000_000L);
        Duration any = Duration.ofSeconds(1);
        Gate gate = new Gate(
                "default", new GateRules(1, 0, 1, any, any, 10, any, any), nanos::incrementAndGet, new Random(3));
        for (int number = 1; number <= 200; number++) {
            EventInFlight event = conversation();
            event.held().waitsFor(new Wait.AtGate(gate, gate.newTicket(SampleRecords.TIMESTAMP, 0), event.caller()));
            batches.hold(event, "job/" + number, () -> {}, new DefaultExchange(camel));
        }
        long before = nanos.get();
        gate.status();
        long ofOneLook = nanos.get() - before;

        assertThat(batches.heldUpBy("job")).contains("the gate of tenant default");

        assertThat(ofOneLook).isPositive();
        assertThat(nanos).hasValue(before + 2 * ofOneLook);
    }
}
