package dev.serai.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.testing.Acls;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.SharedBroker;
import dev.serai.trial.broker.EmbeddedBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A cluster that does not let this client use transactions. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class TransactionsForbiddenTest {
    private static final AclBinding FORBIDDEN = new AclBinding(
            new ResourcePattern(ResourceType.TRANSACTIONAL_ID, "group-replica", PatternType.LITERAL),
            new AccessControlEntry("User:ANONYMOUS", "*", AclOperation.ALL, AclPermissionType.DENY));

    @Test
    void start_failsWhenNoTransactionCanBeBegun() {
        Map<String, Object> kafka = Map.of("bootstrap.servers", SharedBroker.bootstrapServers());
        AtomicInteger tries = new AtomicInteger();
        try (Admin admin = Admin.create(kafka);
                TransactionalProducers producers = new TransactionalProducers(
                        TransactionalProducers.properties(kafka, "nobody-answers"),
                        "group",
                        "start",
                        admin,
                        List.of(),
                        properties -> {
                            tries.incrementAndGet();
                            var producer = new MockProducer<byte[], byte[]>();
                            producer.initTransactionException = new TimeoutException("no coordinator");
                            return producer;
                        })) {
            assertThatThrownBy(producers::open)
                    .isInstanceOf(NoTransactionsException.class)
                    .hasMessageContaining("nobody-answers")
                    .hasMessageContaining("__transaction_state");
        }
        assertThat(tries.get()).isBetween(5, 20);
    }

    @Test
    void start_failsWithTheRightThatIsMissing() throws Exception {
        Path data = Files.createTempDirectory(Path.of("target"), "broker");
        try (EmbeddedBroker broker = EmbeddedBroker.start(data, 0, Acls.BROKER)) {
            Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
            try (Admin admin = Admin.create(kafka)) {
                admin.createAcls(List.of(FORBIDDEN)).all().get();
                Awaitility.await().until(() -> !admin.describeAcls(FORBIDDEN.toFilter())
                        .values()
                        .get()
                        .isEmpty());
            }

            try (Admin admin = Admin.create(kafka);
                    Transactions transactions = new Transactions(
                            kafka, "group", "start", "group-replica", admin, List.of(), new OutgoingTopics(admin))) {
                assertThatThrownBy(transactions::open)
                        .isInstanceOf(TransactionsForbiddenException.class)
                        .hasMessageContaining("group-replica")
                        .hasMessageContaining("kafka-acls.sh");
            }
        }
    }
}
