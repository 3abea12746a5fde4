package dev.serai.engine;

import dev.serai.loop.RepeatedWarning;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what became of transactions whose end is not certain: of the last ones that Kafka has told were committed, when
 * connections were lost since ({@link Acknowledged}) or their ends are not written ({@link EndsWatch}), and of one whose
 * producer broke while it was being committed. What Kafka says of records, and of offsets where these do not tell, decides, never
 * the client's exception.
 *
 * <p>For one thread.
 */
final class TransactionRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(TransactionRecovery.class);

    /** Of some seconds each. */
    private static final int PATIENT_LOOKS = 2;

    private final TransactionalProducers producers;
    private final CommitComparison comparison;
    private final Visibility visibility;
    private final Acknowledged acknowledged = new Acknowledged();
    private final EndsWatch ends;
    private final RepeatedWarning doubtful = new RepeatedWarning(LOG);

    /** What became of transactions that Kafka has told were committed. */
    sealed interface Check {
        /** They are, as far as is known. */
        record Sound() implements Check {}

        /** That is not known, and there must be no other transaction before it is. */
        record Undecided(String reason) implements Check {}

        /** These are to be committed again. */
        record Lost(List<Delivery> again) implements Check {}
    }

    TransactionRecovery(
            TransactionalProducers producers,
            CommitComparison comparison,
            Visibility visibility,
            TransactionEnds ends) {
        this.producers = producers;
        this.comparison = comparison;
        this.visibility = visibility;
        this.ends = new EndsWatch(ends, acknowledged);
    }

    /** Kafka has told that it is. */
    void committed(CommitPlan plan, List<Sends.Placed> placed) {
        acknowledged.add(plan, placed);
    }

    /**
     * Finds out what became of the last transactions, if there is reason to. To be called before each one, and now and then
     * when there is none; does not wait for Kafka while all is well.
     */
    Check check() throws InterruptedException {
        if (!acknowledged.isDoubtful(producers.current())) {
            ends.look();
            if (!acknowledged.isDoubtful(producers.current())) {
                return new Check.Sound();
            }
        }
        try {
            if (ends.haveEnded()) {
                // A look at the records themselves would wait for whatever transaction others have open beside them.
                acknowledged.forget();
                doubtful.over("It is known what became of the last transactions");
                return new Check.Sound();
            }
            acknowledged.lookAtOffsets(comparison);
            if (!producers.endLeftovers(acknowledged.partitions())) {
                return undecided(producers.trouble());
            }
            List<Delivery> again = acknowledged.lost(visibility.look(acknowledged.placed()));
            acknowledged.forget();
            doubtful.over("It is known what became of the last transactions");
            if (again.isEmpty()) {
                return new Check.Sound();
            }
            LOG.error(
                    "Kafka has aborted, wholly or in part, a transaction that it had told was committed, as it does when a"
                            + " broker goes down, or is taken for gone, as the last one of a partition meanwhile."
                            + " Published again: {}; the offset"
                            + " alone is committed again of: {}",
                    names(again, false),
                    names(again, true));
            return new Check.Lost(again);
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            return undecided(Refusal.text(e));
        }
    }

    /**
     * To be called before a transaction is aborted. The abort also ends what an earlier transaction has left open on the same
     * partitions. Afterwards nobody can tell which of its offsets were committed, so that is looked at first.
     */
    void beforeAbort() throws InterruptedException {
        if (!acknowledged.isDoubtful(producers.current()) && ends.allEnded()) {
            return;
        }
        acknowledged.doubt();
        try {
            acknowledged.lookAtOffsets(comparison);
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.debug("Which offsets were committed before an abort is not known", e);
        }
    }

    private static List<String> names(List<Delivery> again, boolean offsetAlone) {
        return again.stream()
                .filter(delivery -> delivery.outbox().records().isEmpty() == offsetAlone)
                .map(Delivery::toString)
                .toList();
    }

    private Check undecided(String reason) {
        doubtful.met(
                "doubt",
                "Connections to Kafka were lost, or ends of transactions are missing, and what became of the last"
                        + " transactions is not known: nothing is published before it is. " + reason);
        return new Check.Undecided(reason);
    }

    /**
     * Ends what an ended producer has left behind, and then says whether it was committed.
     *
     * @param end what the producer has ended with
     */
    boolean awaitCommitted(CommitPlan plan, List<Sends.Placed> placed, Throwable end) throws InterruptedException {
        // What the coordinator says is of another process if that has taken the id over.
        boolean isOurs = !(end instanceof ProducerFencedException || end instanceof InvalidProducerEpochException);
        LastOutcome outcome = LastOutcome.UNKNOWN;
        do {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (isOurs && outcome == LastOutcome.UNKNOWN) {
                outcome = producers.lastOutcome();
            }
        } while (!producers.reopen());
        boolean isCommitted = isCommitted(plan, fates(placed), outcome);
        if (isCommitted) {
            committed(plan, placed);
        }
        return isCommitted;
    }

    /**
     * The records say it, which are of this process alone. The offsets do not, as long as the records do: a partition's next
     * owner commits the same offsets once it has run the same events. Of a transaction that was committed, the ends may be left
     * out where its records are ({@link Acknowledged}): so if its coordinator says that it was, it was.
     */
    private boolean isCommitted(CommitPlan plan, Collection<Visibility.Fate> fates, LastOutcome outcome)
            throws InterruptedException {
        if (fates.contains(Visibility.Fate.VISIBLE)) {
            return true;
        }
        return switch (outcome) {
            case COMMITTED -> true;
            case ABORTED -> false;
            case UNKNOWN -> !fates.contains(Visibility.Fate.ABORTED) && comparison.isCommitted(plan);
        };
    }

    /** Of records of a transaction that has ended; empty if that cannot be found out. */
    private Collection<Visibility.Fate> fates(List<Sends.Placed> placed) throws InterruptedException {
        for (int call = 1; call <= PATIENT_LOOKS; call++) {
            try {
                return visibility.look(placed).values();
            } catch (InterruptException e) {
                throw e;
            } catch (KafkaException e) {
                LOG.debug("Whether records of a transaction are visible is not known", e);
            }
        }
        return List.of();
    }

    /**
     * Nothing but this process commits for its partitions: after trouble, what is committed must be what was planned.
     *
     * @param owned partitions that no other process can have committed since
     * @return whether it is something else, which is logged
     */
    boolean offsetsDiffer(CommitPlan plan, Set<TopicPartition> owned) throws InterruptedException {
        Map<TopicPartition, @Nullable OffsetAndMetadata> differing = comparison.differing(plan, owned);
        if (!differing.isEmpty()) {
            LOG.error(
                    "After a transaction that was tried again the group's offsets are not what it committed: {} instead of"
                            + " {}. Events of these partitions may have been passed over or may run again: compare start"
                            + " and reply topic from there on, and report this",
                    differing,
                    plan.offsets());
        }
        return !differing.isEmpty();
    }
}
