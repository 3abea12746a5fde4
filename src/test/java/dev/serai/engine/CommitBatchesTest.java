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

    private final Committer committer = IdleCommitter.of(new Assignments(1, Long.MAX_VALUE));
    private final CommitBatches undecided = new CommitBatches();

    @Test
    void batch_isBoundedByItsEvents_byHalfAfterAFailure_andGrowsAgain() {
        List<FinishedEvent> events = add(5_000, 0);

        assertThat(undecided.batch()).isEqualTo(events.subList(0, 2_000));
        undecided.tryFewerThan(2_000);
        List<FinishedEvent> half = undecided.batch();
        assertThat(half).isEqualTo(events.subList(0, 1_000));
        undecided.committed(half);

        assertThat(undecided.batch()).isEqualTo(events.subList(1_000, 3_000));
        assertThat(half).allMatch(event -> event.done().isDone());
    }

    @Test
    void failures_leaveOneEventToATransaction_neverNone() {
        List<FinishedEvent> events = add(2, 0);

        undecided.tryFewerThan(1);
        undecided.tryFewerThan(0);

        assertThat(undecided.batch()).isEqualTo(events.subList(0, 1));
    }

    @Test
    void batch_isBoundedByItsBytes_butForItsFirstEvent() {
        List<FinishedEvent> large = add(1, 17);
        List<FinishedEvent> others = add(20, 1);

        assertThat(undecided.batch()).isEqualTo(large);
        undecided.committed(large);
        assertThat(undecided.batch()).isEqualTo(others.subList(0, 16));
    }

    @Test
    void whatIsPublishedAgain_comesFirst() {
        List<FinishedEvent> events = add(1, 0);
        List<FinishedEvent> again = List.of(event(0), event(0));

        undecided.addFirst(again);

        assertThat(undecided.batch()).containsExactly(again.get(0), again.get(1), events.getFirst());
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
        assertThat(undecided.batch()).containsExactly(events.get(2));
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

    private List<FinishedEvent> add(int count, int megabytes) {
        List<FinishedEvent> added =
                IntStream.range(0, count).mapToObj(i -> event(megabytes)).toList();
        undecided.add(added);
        return added;
    }

    private FinishedEvent event(int megabytes) {
        FinishedEvent event = new FinishedEvent(LoneDelivery.of(committer, "an event"), Instant.MAX);
        for (int i = 0; i < megabytes; i++) {
            event.delivery().outbox().add(new ProducerRecord<>("replies", MEGABYTE));
        }
        return event;
    }
}
