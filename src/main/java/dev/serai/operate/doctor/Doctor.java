package dev.serai.operate.doctor;

import dev.serai.loop.Elapsed;
import dev.serai.loop.OutOfMemory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a deployment and changes nothing: no topic is created, nothing is published, no session is opened. Checks run side by
 * side, those that need Kafka when it has answered. One that hangs or throws is an error of its own, and the others go on; all
 * end within half a minute. For one thread.
 */
public final class Doctor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Doctor.class);

    private final Deployment deployment;
    private final StartLook start;
    private final Function<CheckName, Duration> limit;
    private final KafkaAccess kafka;
    private final Once<TransactionTrial.Outcome> transaction;
    private final Once<List<ProviderSurvey.Seen>> providers;

    /** Of the platform: a check that waits in native code, or in a monitor, must not take the others' carrier from them. */
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().daemon().name("doctor-", 0).factory());

    public Doctor(Deployment deployment, StartLook start) {
        this(deployment, start, CheckName::limit);
    }

    /** @param limit after which a check is given up */
    Doctor(Deployment deployment, StartLook start, Function<CheckName, Duration> limit) {
        this.deployment = deployment;
        this.start = start;
        this.limit = limit;
        kafka = new KafkaAccess(deployment.kafkaProperties());
        transaction = new Once<>(new TransactionTrial(kafka, deployment)::run);
        providers = new Once<>(new ProviderSurvey(deployment)::look);
    }

    /** The table of what is run. */
    private Check check(CheckName name) {
        List<OwnTopic> topics = OwnTopic.of(deployment.settings());
        JobsCheck jobs = new JobsCheck(kafka, deployment.settings());
        return switch (name) {
            case BROKER -> new BrokerCheck(kafka);
            case TOPICS -> both(start::topics, jobs::topics);
            case RIGHTS -> start::rights;
            case PARTITIONS -> new PartitionsCheck(kafka, topics);
            case RETENTION -> new RetentionCheck(kafka, topics, deployment.settings());
            case TRANSACTIONS -> new TransactionsCheck(transaction);
            case HANGING -> new HangingTransactionsCheck(kafka, topics, deployment.settings());
            case GROUPS -> new GroupsCheck(kafka, deployment.settings());
            case READERS -> new ReadersCheck(kafka, topics, deployment.settings());
            case DEAD_LETTERS ->
                new DeadLettersCheck(kafka, deployment.settings().kafka().deadLetterTopic());
            case CLOCK -> new ClockCheck(transaction, providers, deployment.settings());
            case PROVIDER -> new ProviderCheck(providers, deployment);
            case HTTP -> start::http;
            case ROUTES -> start::routes;
            case SOURCES -> start::sources;
            case MAPPINGS -> start::mappings;
            case POLL -> start::poll;
            case KEY_FILES -> new KeyFilesCheck(deployment.settings());
        };
    }

    private static Check both(Check first, Check second) {
        return () -> {
            List<Found> all = new ArrayList<>(first.look());
            all.addAll(second.look());
            return all;
        };
    }

    /**
     * Runs checks.
     *
     * @param wanted which; not empty. Whether Kafka answers is looked at, too, where one of them needs it, and told if it does
     *     not
     * @throws InterruptedException if the thread was interrupted; checks that still run are interrupted with {@link #close}
     */
    public Report examine(Set<CheckName> wanted) throws InterruptedException {
        Map<CheckName, Running> running = new EnumMap<>(CheckName.class);
        Map<CheckName, List<Found>> found = new EnumMap<>(CheckName.class);
        Set<CheckName> ofKafka = EnumSet.noneOf(CheckName.class);
        wanted.stream().filter(CheckName::needsKafka).forEach(ofKafka::add);
        boolean asksKafka = !ofKafka.isEmpty() || wanted.contains(CheckName.BROKER);
        if (asksKafka) {
            running.put(CheckName.BROKER, start(CheckName.BROKER));
        }
        wanted.stream().filter(name -> !name.needsKafka()).forEach(name -> running.computeIfAbsent(name, this::start));
        if (asksKafka) {
            List<Found> broker = running.remove(CheckName.BROKER).result();
            boolean answers = broker.stream().noneMatch(Found::blocks);
            if (wanted.contains(CheckName.BROKER) || !answers) {
                found.put(CheckName.BROKER, broker);
            }
            for (CheckName name : ofKafka) {
                if (answers) {
                    running.put(name, start(name));
                } else {
                    found.put(name, List.of(Found.skipped("not looked at, as Kafka cannot be asked")));
                }
            }
        }
        for (Map.Entry<CheckName, Running> check : running.entrySet()) {
            found.put(check.getKey(), check.getValue().result());
        }
        List<Report.Line> lines = new ArrayList<>();
        found.forEach((name, all) -> all.forEach(one -> lines.add(new Report.Line(name, one))));
        return new Report(lines);
    }

    private Running start(CheckName name) {
        Duration patience = limit.apply(name);
        return new Running(
                name, threads.submit(() -> check(name).look()), patience, System.nanoTime() + patience.toNanos());
    }

    private record Running(CheckName name, Future<List<Found>> future, Duration limit, long deadline) {
        List<Found> result() throws InterruptedException {
            try {
                return future.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                future.cancel(true);
                return List.of(failed("has not ended within " + Elapsed.text(limit) + ", and was given up"));
            } catch (ExecutionException e) {
                OutOfMemory.endProcessIf(e);
                LOG.debug("Check {} failed", name, e);
                return List.of(failed(KafkaTrouble.text(e.getCause() == null ? e : e.getCause())));
            }
        }

        /** Whether Kafka can be asked is known when this check has an answer, and not before. */
        private Found failed(String what) {
            String text = "this check " + what;
            String remedy = "look at the other checks first; ./serai doctor --only " + name.label()
                    + " --log-level debug runs it alone and says more";
            return name == CheckName.BROKER ? Found.blocked(text, remedy) : Found.error(text, remedy);
        }
    }

    /** Interrupts what still runs, and does not wait for it. */
    @Override
    public void close() {
        threads.shutdownNow();
        kafka.close();
    }

    /** Of the longest check of each kind, one after the other. */
    static Duration longest() {
        Duration first = Duration.ZERO;
        Duration second = Duration.ZERO;
        for (CheckName name : CheckName.values()) {
            if (name.needsKafka()) {
                second = second.compareTo(name.limit()) < 0 ? name.limit() : second;
            } else {
                first = first.compareTo(name.limit()) < 0 ? name.limit() : first;
            }
        }
        return first.plus(second);
    }
}
