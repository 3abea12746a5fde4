package dev.serai.observe;

import dev.serai.kafka.ClientProperties;
import dev.serai.loop.BackgroundLoop;
import dev.serai.loop.RepeatedWarning;
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
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether Kafka can be worked with, looked at once a second: brokers answer, and transactions get through. While it cannot,
 * nothing should be begun whose result has to be published. Thread-safe.
 */
public final class KafkaWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final Map<String, Object> clientProperties;
    private final Supplier<Optional<String>> transactions;
    private final RepeatedWarning away = new RepeatedWarning(LOG);
    private @Nullable Admin admin;
    private @Nullable BackgroundLoop loop;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable String problem;
    private volatile int brokers;

    /**
     * @param clientProperties of any Kafka client
     * @param transactions why none gets through, and what to do; empty while they do
     */
    public KafkaWatch(Map<String, Object> clientProperties, Supplier<Optional<String>> transactions) {
        this.clientProperties = Map.copyOf(clientProperties);
        this.transactions = transactions;
    }

    /** Begins to look; once. Before that, nothing is wrong. */
    public void start() {
        Map<String, Object> properties = new HashMap<>(ClientProperties.within(clientProperties, TIMEOUT));
        properties.put(AdminClientConfig.CLIENT_ID_CONFIG, "serai-watch");
        Admin client = Admin.create(properties);
        admin = client;
        loop = BackgroundLoop.start("serai-kafka-watch", INTERVAL, () -> note(look(client)));
    }

    private @Nullable String look(Admin client) throws InterruptedException {
        Optional<String> stalled = transactions.get();
        try {
            brokers = client.describeCluster()
                    .nodes()
                    .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    .size();
            return stalled.orElse(null);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthenticationException refused) {
                return "Kafka refuses this client's credentials: " + refused.getMessage()
                        + "; see serai.kafka.client-properties-file";
            }
            if (e.getCause() instanceof AuthorizationException) {
                // It has answered, and there is nothing to be counted.
                return stalled.orElse(null);
            }
            return stalled.orElse(notAnswered());
        } catch (TimeoutException e) {
            return stalled.orElse(notAnswered());
        }
    }

    private static String notAnswered() {
        return "no Kafka broker answered within " + TIMEOUT.toSeconds()
                + " s: check serai.kafka.bootstrap-servers and the brokers";
    }

    private void note(@Nullable String seen) {
        lock.lock();
        try {
            problem = seen;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (seen == null) {
            away.over("Kafka can be worked with again");
        } else {
            away.met("away", "No call is begun until its result can be published: " + seen);
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
        if (loop != null) {
            loop.close();
        }
        if (admin != null) {
            admin.close(TIMEOUT);
        }
    }
}
