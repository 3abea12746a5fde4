package dev.serai.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.IdleCommitter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Issue 14: which events go into one transaction, and what each of them hears. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class CommitBatchesTest {
    private static final Instant DEADLINE = Instant.parse("2026-01-01T00:00:00Z");
    private static final byte[] MEGABYTE = new byte[1 << 20];
    private static final long SECOND = 1_000_000_000;

    private final Committer committer = IdleCommitter.of(new Assignments(1, Long.MAX_VALUE));
    private final CommitBatches undecided = new CommitBatches();
    private long now = System.nanoTime();

    @Test
    void batch_isBoundedByItsEvents_byHalfAfterAFailure_andGrowsAgain() {
        List<FinishedEvent> events = add(5_000, 0);

        assertThat(undecided.batch(now)).isEqualTo(events.subList(0, 2_000));
        fails(Set.of());
        List<FinishedEvent> half = undecided.batch(now);
        assertThat(half).isEqualTo(events.subList(0, 1_000));
        undecided.committed(half, now);

        assertThat(undecided.batch(now)).isEqualTo(events.subList(1_000, 3_000));
        assertThat(half).allMatch(event -> event.done().isDone());
    }

    @Test
    void eventThatFailsByItself_goesBehindTheOthers_andIsTriedAgainOnceTheyGotThrough() {
        List<FinishedEvent> events = add(4, 0);
        fails(Set.of());
        fails(Set.of());

        assertThat(fails(Set.of())).isEqualTo(events.subList(0, 1));
        assertThat(succeeds()).isEqualTo(events.subList(1, 2));
        assertThat(undecided.othersGetThrough()).isTrue();
        assertThat(undecided.batch(now)).isEqualTo(events.subList(0, 1));
    }

    @Test
    void eventThatFailsWhileOthersGetThrough_leavesThemThreeQuartersOfTheTime_andTheirBatches() {
        List<FinishedEvent> failing = add(1, 0);
        fails(Set.of());
        add(1, 0);
        succeeds();
        assertThat(fails(Set.of())).as("once more, for it may have been Kafka").isEqualTo(failing);

        List<FinishedEvent> others = add(100, 0);
        for (FinishedEvent ignored : others.subList(0, 23)) {
            List<FinishedEvent> batch = undecided.batch(now);
            assertThat(batch).doesNotContainAnyElementsOf(failing);
            now += SECOND;
            undecided.committed(batch, now);
            add(1, 0);
        }
        now += SECOND;
        assertThat(undecided.batch(now)).isEqualTo(failing);
        assertThat(undecided.othersGetThrough()).isTrue();
    }

    @Test
    void eventThatFailsByItselfWhereThereAreNoOthers_isTriedAgainAtOnce() {
        List<FinishedEvent> events = add(1, 0);

        assertThat(fails(Set.of())).isEqualTo(events);
        assertThat(undecided.isDue(now)).isTrue();
        assertThat(fails(Set.of())).isEqualTo(events);
        assertThat(undecided.othersGetThrough()).isFalse();
        assertThat(succeeds()).isEqualTo(events);
        assertThat(undecided.isEmpty()).isTrue();
    }

    @Test
    void eventsThatFailByThemselves_areTriedInTurn_andTogetherOnceOneGotThrough() {
        List<FinishedEvent> events = add(3, 0);
        fails(Set.of());

        assertThat(fails(Set.of())).isEqualTo(events.subList(0, 1));
        assertThat(fails(Set.of())).isEqualTo(events.subList(1, 2));
        assertThat(fails(Set.of())).isEqualTo(events.subList(2, 3));
        assertThat(fails(Set.of())).isEqualTo(events.subList(0, 1));
        assertThat(succeeds()).isEqualTo(events.subList(1, 2));
        assertThat(succeeds()).containsExactly(events.get(2), events.get(0));
    }

    @Test
    void eventsOfWhichKafkaTakesNoRecordWhileItTakesOthers_arePutAsideAtOnce() {
        List<FinishedEvent> events = add(10, 0);

        fails(Set.of(events.get(3).delivery(), events.get(5).delivery()));

        assertThat(succeeds())
                .hasSize(8)
                .doesNotContain(events.get(3), events.get(5))
                .startsWith(events.getFirst());
        assertThat(succeeds()).containsExactly(events.get(3));
        assertThat(succeeds()).containsExactly(events.get(5));
        assertThat(undecided.isEmpty()).isTrue();
    }

    @Test
    void whatFailsAfterOthersGotThrough_isKafkasTroubleAgain() {
        add(2, 0);
        fails(Set.of());
        fails(Set.of());
        succeeds();
        assertThat(undecided.othersGetThrough()).isTrue();
        fails(Set.of());
        add(1, 0);

        fails(Set.of());

        assertThat(undecided.othersGetThrough()).isFalse();
    }

    /** Its offset would be committed by any transaction that overtakes it, and without its records. */
    @Test
    void whatIsPublishedAgain_isNotOvertaken_howeverOftenItFails() {
        add(2, 0);
        fails(Set.of());
        fails(Set.of());
        FinishedEvent again = new FinishedEvent(LoneDelivery.of(committer, "again"), Instant.MAX);
        undecided.addFirst(List.of(again));

        for (int attempt = 0; attempt < 5; attempt++) {
            assertThat(fails(Set.of(again.delivery()))).containsExactly(again);
        }
        assertThat(undecided.othersGetThrough()).isFalse();
        assertThat(succeeds()).containsExactly(again);
    }

    @Test
    void failures_leaveOneEventToATransaction_neverNone() {
        List<FinishedEvent> events = add(2, 0);

        fails(Set.of());

        assertThat(undecided.batch(now)).isEqualTo(events.subList(0, 1));
        fails(Set.of());
        assertThat(undecided.batch(now)).isEqualTo(events.subList(1, 2));
    }

    @Test
    void batch_isBoundedByItsBytes_butForItsFirstEvent() {
        List<FinishedEvent> large = add(1, 17);
        List<FinishedEvent> others = add(20, 1);

        assertThat(undecided.batch(now)).isEqualTo(large);
        undecided.committed(large, now);
        assertThat(undecided.batch(now)).isEqualTo(others.subList(0, 16));
    }

    @Test
    void whatIsPublishedAgain_comesFirst() {
        List<FinishedEvent> events = add(1, 0);
        List<FinishedEvent> again = List.of(event(0), event(0));

        undecided.addFirst(again);

        assertThat(undecided.batch(now)).containsExactly(again.get(0), again.get(1), events.getFirst());
    }

    @Test
    void eachThatIsNotCommitted_hearsWhy_andTheOthersStay() {
        List<FinishedEvent> events = new ArrayList<>(add(3, 0));
        FinishedEvent late = new FinishedEvent(LoneDelivery.of(committer, "late"), DEADLINE);
        undecided.add(List.of(late));
        RecordRefusedException refused = new RecordRefusedException("replies", new IllegalStateException("full"));

        undecided.failLate(DEADLINE);
        undecided.failRefused(Map.of(events.get(0).delivery(), refused));
        undecided.drop(Set.of(events.get(1).delivery()));

        assertThat(late.done()).isCompletedExceptionally();
        assertThat(late.done().exceptionNow()).isInstanceOf(CommitTooLateException.class);
        assertThat(events.get(0).done().exceptionNow()).isSameAs(refused);
        assertThat(events.get(1).done().exceptionNow()).isInstanceOf(DeliveryRevokedException.class);
        assertThat(undecided.batch(now)).containsExactly(events.get(2));
        undecided.dropAll(Set.of());
        assertThat(events.get(2).done().exceptionNow()).isInstanceOf(DeliveryRevokedException.class);
    }

    /** Issue 15: only a room that nobody can have been told of is ended. */
    @Test
    void whatIsInATransactionAtTheEnd_hearsThatItMayBePublished_andTheRestThatItIsNot() {
        List<FinishedEvent> events = add(2, 0);

        undecided.dropAll(Set.of(events.get(0)));

        assertThat(events.get(0).done().exceptionNow())
                .isInstanceOfSatisfying(DeliveryRevokedException.class, e -> assertThat(e.isPerhapsPublished())
                        .isTrue());
        assertThat(events.get(1).done().exceptionNow())
                .isInstanceOfSatisfying(DeliveryRevokedException.class, e -> assertThat(e.isPerhapsPublished())
                        .isFalse());
    }

    /** The next batch fails, which takes eight seconds. */
    private List<FinishedEvent> fails(Set<Delivery> blamed) {
        List<FinishedEvent> batch = undecided.batch(now);
        long begun = now;
        now += 8 * SECOND;
        undecided.failed(batch, blamed, begun, now);
        return batch;
    }

    private List<FinishedEvent> succeeds() {
        List<FinishedEvent> batch = undecided.batch(now);
        undecided.committed(batch, now);
        return batch;
    }

    private List<FinishedEvent> add(int count, int megabytes) {
        List<FinishedEvent> added =
                IntStream.range(0, count).mapToObj(i -> event(megabytes)).toList();
        undecided.add(added);
        return added;
    }

    private FinishedEvent event(int megabytes) {
        FinishedEvent event =
                new FinishedEvent(LoneDelivery.of(committer, "an event", Delivery.Completes.OFFSET), Instant.MAX);
        if (megabytes == 0) {
            event.delivery().outbox().add(new ProducerRecord<>("replies", new byte[1]));
        }
        for (int i = 0; i < megabytes; i++) {
            event.delivery().outbox().add(new ProducerRecord<>("replies", MEGABYTE));
        }
        return event;
    }
}
