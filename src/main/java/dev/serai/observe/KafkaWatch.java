package dev.serai.observe;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether Kafka can be worked with, looked at once a second: brokers answer, and no transaction hangs. While it cannot,
 * nothing should be begun whose result has to be published. Thread-safe.
 */
public final class KafkaWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    /** A commit takes milliseconds; one that takes this long waits for a broker. */
    private static final Duration HANGING = Duration.ofSeconds(3);

    private final Admin admin;
    private final Supplier<Duration> commitUnderWay;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable String problem;
    private volatile int brokers;

    /**
     * @param clientProperties of any Kafka client
     * @param commitUnderWay how long the transaction that is under way has been
     */
    public KafkaWatch(Map<String, Object> clientProperties, Supplier<Duration> commitUnderWay) {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(AdminClientConfig.CLIENT_ID_CONFIG, "serai-watch");
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
        admin = Admin.create(properties);
        this.commitUnderWay = commitUnderWay;
        thread = Thread.ofVirtual().name("serai-kafka-watch").start(this::watch);
    }

    private void watch() {
        try {
            while (true) {
                note(look());
                Thread.sleep(INTERVAL);
            }
        } catch (InterruptedException e) {
            LOG.debug("The watch ends");
        }
    }

    private @Nullable String look() throws InterruptedException {
        Duration hanging = commitUnderWay.get();
        if (hanging.compareTo(HANGING) > 0) {
            return "a transaction has been waiting for Kafka for " + hanging.toSeconds()
                    + " s: check the brokers, the replicas of the topics and of __transaction_state";
        }
        try {
            brokers = admin.describeCluster()
                    .nodes()
                    .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    .size();
            return null;
        } catch (ExecutionException | TimeoutException e) {
            return "no Kafka broker answered within " + TIMEOUT.toSeconds()
                    + " s: check serai.kafka.bootstrap-servers and the brokers";
        }
    }

    private void note(@Nullable String seen) {
        lock.lock();
        try {
            if (seen != null && problem == null) {
                LOG.warn("Kafka is away, and no call is begun until it is back: {}", seen);
            } else if (seen == null && problem != null) {
                LOG.info("Kafka is back");
            }
            problem = seen;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What is wrong with Kafka, and what to do; empty while nothing is. */
    public Optional<String> problem() {
        lock.lock();
        try {
            return Optional.ofNullable(problem);
        } finally {
            lock.unlock();
        }
    }

    /** How many brokers there were when one answered last. */
    public int brokers() {
        return brokers;
    }

    /** Waits until nothing is wrong; whether that came true in time. */
    public boolean awaitUp(Duration patience) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = TimeUnit.NANOSECONDS.convert(patience);
            while (problem != null && left > 0) {
                left = changed.awaitNanos(left);
            }
            return problem == null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        admin.close(TIMEOUT);
    }
}
