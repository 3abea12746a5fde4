package dev.serai.testing;

import dev.serai.ledger.Assignments;
import dev.serai.ledger.Committer;
import dev.serai.ledger.OutgoingTopics;
import dev.serai.ledger.TransactionListener;
import dev.serai.ledger.Transactions;
import dev.serai.route.OpaqueHeaders;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/** Makes committers that are never started, for deliveries that are never committed: there is no Kafka behind them. */
public final class IdleCommitter {
    private IdleCommitter() {}

    public static Committer of(Assignments assignments) {
        Admin none = (Admin) Proxy.newProxyInstance(
                Admin.class.getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, arguments) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
        OutgoingTopics topics = new OutgoingTopics(none);
        Transactions transactions =
                new Transactions(Map.of(), "group", "start", "instance", OpaqueHeaders.class, none, List.of(), topics);
        return new Committer(assignments, transactions, topics, new NobodyListens(), Clock.systemUTC());
    }

    private static final class NobodyListens implements TransactionListener {
        @Override
        public void committed(int events, Duration took) {}

        @Override
        public void aborted(String reason) {}

        @Override
        public void dropped(int events) {}

        @Override
        public void publishedAgain(int events) {}

        @Override
        public void offsetsDiffer() {}
    }
}
