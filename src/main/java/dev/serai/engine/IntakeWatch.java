package dev.serai.engine;

import dev.serai.loop.BackgroundLoop;
import dev.serai.loop.Elapsed;
import dev.serai.loop.RepeatedWarning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out why the events of a topic are not taken, once a second: a consumer that Kafka refuses, partitions that do not get
 * ready and the transaction that holds them, no partitions at all though nobody else has them. Thread-safe.
 */
public final class IntakeWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IntakeWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Longer than a partition takes that nothing is wrong with, a session topic of a million conversations apart. */
    private static final Duration NOT_READY = Duration.ofSeconds(5);

    /** Longer than a rebalance takes whose members answer; the session time-out of a killed one is ten seconds. */
    private static final Duration NO_PARTITION = Duration.ofSeconds(20);

    /** A consumer that meets trouble tries again every second. */
    private static final Duration REFUSED = Duration.ofSeconds(2);

    /** So often it is looked whether the topic is there. */
    private static final Duration TOPIC = Duration.ofSeconds(5);

    private final IntakeState intake;
    private final Admin admin;
    private final ReadTopic reads;
    private final OpenTransactions transactions;
    private final RepeatedWarning held = new RepeatedWarning(LOG);
    private final RepeatedWarning gone = new RepeatedWarning(LOG);
    private final RepeatedWarning unowned = new RepeatedWarning(LOG);
    private @Nullable BackgroundLoop loop;
    private long topicLookedAt = System.nanoTime() - TOPIC.toNanos();
    private Optional<String> missingTopic = Optional.empty();
    private volatile List<String> problems = List.of();
    private volatile Duration oldestTransaction = Duration.ZERO;

    /** @param alsoHolding a topic whose open transactions keep its partitions of the same numbers from being taken over, too */
    public IntakeWatch(IntakeState intake, Admin admin, ReadTopic reads, Optional<String> alsoHolding) {
        this.intake = intake;
        this.admin = admin;
        this.reads = reads;
        transactions = new OpenTransactions(admin, reads.groupId(), alsoHolding);
    }

    /** Begins to look; once. */
    public void start() {
        loop = BackgroundLoop.start("serai-intake-watch", INTERVAL, this::look);
    }

    /** Why events are not taken, or not those of all partitions, and what to do; empty while they are. */
    public List<String> problems() {
        return problems;
    }

    /** How long ago the transaction last wrote that has kept partitions from being taken over longest; zero if none does. */
    public Duration oldestTransaction() {
        return oldestTransaction;
    }

    private void look() throws InterruptedException {
        List<String> found = new ArrayList<>();
        intake.trouble()
                .filter(trouble -> trouble.since().compareTo(REFUSED) > 0)
                .ifPresent(trouble -> found.add("no " + reads.events() + " have been read for "
                        + Elapsed.text(trouble.since()) + ": " + trouble.text()));
        notReady().ifPresent(found::add);
        if (found.isEmpty()) {
            missingTopic().ifPresent(found::add);
        }
        if (found.isEmpty()) {
            noPartition().ifPresent(found::add);
        }
        problems = List.copyOf(found);
    }

    private Optional<String> notReady() throws InterruptedException {
        List<Arrivals.Pending> late = intake.pending().stream()
                .filter(pending -> pending.since().compareTo(NOT_READY) > 0)
                .toList();
        if (late.isEmpty()) {
            oldestTransaction = Duration.ZERO;
            held.over("All partitions are ready");
            return Optional.empty();
        }
        Set<Integer> numbers = late.stream()
                .map(pending -> pending.partition().partition())
                .collect(Collectors.toCollection(TreeSet::new));
        Duration longest = late.stream()
                .map(Arrivals.Pending::since)
                .max(Duration::compareTo)
                .orElseThrow();
        String reasons =
                late.stream().map(Arrivals.Pending::waitsFor).distinct().collect(Collectors.joining("; "));
        String text =
                "partitions " + numbers + " of " + reads.topic() + " have not been ready for " + Elapsed.text(longest)
                        + ", their events wait, others go on: they wait for " + reasons + holders(numbers);
        held.met(numbers.toString(), text);
        return Optional.of(text);
    }

    private String holders(Set<Integer> partitions) throws InterruptedException {
        try {
            List<OpenTransactions.OpenTransaction> open = transactions.holding(partitions, NOT_READY.dividedBy(2));
            oldestTransaction = open.isEmpty() ? Duration.ZERO : open.getFirst().age();
            if (open.isEmpty()) {
                return "";
            }
            String all = open.stream().limit(3).map(Object::toString).collect(Collectors.joining(", "));
            return "; open: " + all + ". Its producer's start or its time-out ends it; if neither does: "
                    + open.getFirst().remedy();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("Open transactions cannot be found", e);
            return "; which transaction that is cannot be found out without the right to READ __consumer_offsets";
        }
    }

    /** A consumer of a topic that is not there, or not any more, has no trouble at all. */
    private Optional<String> missingTopic() throws InterruptedException {
        if (System.nanoTime() - topicLookedAt > TOPIC.toNanos()) {
            boolean missing = isTopicMissing();
            topicLookedAt = System.nanoTime();
            missingTopic = missing
                    ? Optional.of("no " + reads.events() + " are read: there is no topic " + reads.topic()
                            + ". They are read as soon as somebody creates it")
                    : Optional.empty();
            missingTopic.ifPresentOrElse(
                    text -> gone.met("missing", text), () -> gone.over("There is a topic " + reads.topic()));
        }
        return missingTopic;
    }

    private boolean isTopicMissing() throws InterruptedException {
        try {
            Answers.describe(admin, reads.topic(), PATIENCE);
        } catch (ExecutionException e) {
            return e.getCause() instanceof UnknownTopicOrPartitionException;
        } catch (TimeoutException e) {
            LOG.debug("Kafka does not say whether there is a topic {}", reads.topic(), e);
        }
        return false;
    }

    private Optional<String> noPartition() throws InterruptedException {
        Duration empty = intake.ownsNothingFor();
        if (empty.compareTo(NO_PARTITION) < 0) {
            unowned.over("This process has partitions again, or others have all of them");
            return Optional.empty();
        }
        Optional<String> problem = unownedPartitions(empty);
        problem.ifPresentOrElse(
                text -> unowned.met("unowned", text),
                () -> unowned.over("This process has partitions again, or others have all of them"));
        return problem;
    }

    private Optional<String> unownedPartitions(Duration empty) throws InterruptedException {
        try {
            ConsumerGroupDescription group = Answers.awaitOne(
                    admin.describeConsumerGroups(List.of(reads.groupId())).describedGroups(), PATIENCE);
            int partitions = Answers.describe(admin, reads.topic(), PATIENCE)
                    .partitions()
                    .size();
            Set<Integer> without = new TreeSet<>();
            for (int partition = 0; partition < partitions; partition++) {
                without.add(partition);
            }
            group.members().forEach(member -> member.assignment().topicPartitions().stream()
                    .filter(owned -> owned.topic().equals(reads.topic()))
                    .forEach(owned -> without.remove(owned.partition())));
            return without.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            "this process has had no partition of " + reads.topic() + " for " + empty.toSeconds()
                                    + " s, and partitions " + without + " have no owner: group " + reads.groupId()
                                    + " is "
                                    + group.groupState() + " with "
                                    + group.members().size()
                                    + " members. It begins anew by itself; if that does not help, see the log and the broker's");
        } catch (ExecutionException | TimeoutException e) {
            return Optional.of("this process has had no partition of " + reads.topic() + " for " + empty.toSeconds()
                    + " s, and Kafka does not say who has: "
                    + (e.getCause() == null ? e : e.getCause().getMessage()));
        }
    }

    @Override
    public void close() {
        if (loop != null) {
            loop.close();
        }
    }
}
