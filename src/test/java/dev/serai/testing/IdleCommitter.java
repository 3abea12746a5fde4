package dev.serai.testing;

import dev.serai.engine.Assignments;
import dev.serai.engine.Committer;
import dev.serai.engine.OutgoingTopics;
import dev.serai.engine.Transactions;
import java.lang.reflect.Proxy;
import java.time.Clock;
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
        Transactions transactions = new Transactions(Map.of(), "group", "start", "instance", none, List.of(), topics);
        return new Committer(assignments, transactions, topics, new NobodyListens(), Clock.systemUTC());
    }
}
