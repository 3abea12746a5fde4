package dev.serai.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.Acls;
import dev.serai.testing.ReplyTimes;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.SideBySide;
import dev.serai.trial.broker.EmbeddedBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A reply topic that may not be written to delays none but its own events. Two services run side by side under the same
 * load, 1,000 events a second together; of one of them, 1% of the events name such a topic. Measured as in
 * {@link IsolationTest}.
 */
@Tag("chaos-long")
@Isolated("it measures")
class ForbiddenTopicIsolationTest {
    /** For each of the two services. */
    private static final int PER_SECOND = 500;

    private static final int EVENTS_PER_ROUND = 3 * PER_SECOND;
    private static final int ONE_FORBIDDEN_IN = 100;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void eventsOfAForbiddenTopic_hardlyDelayTheOthers() throws Exception {
        Path data = Files.createTempDirectory(Path.of("target"), "broker");
        try (EmbeddedBroker broker = EmbeddedBroker.start(data, 0, Acls.BROKER);
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
                var calm = service("calm", broker.bootstrapServers(), false);
                var troubled = service("forbidden", broker.bootstrapServers(), true)) {
            admin.createAcls(List.of(new AclBinding(
                            new ResourcePattern(
                                    ResourceType.TOPIC, troubled.serai().allowedReplyTopic(), PatternType.LITERAL),
                            new AccessControlEntry("User:*", "*", AclOperation.WRITE, AclPermissionType.DENY))))
                    .all()
                    .get();

            new SideBySide(calm, troubled, PER_SECOND, EVENTS_PER_ROUND).assertTroubleHardlyDelaysOthers();

            assertThat(troubled.serai().deadLetters()).hasSizeGreaterThan(EVENTS_PER_ROUND / ONE_FORBIDDEN_IN);
        }
    }

    private static SideBySide.Service service(String name, String bootstrapServers, boolean hasForbidden) {
        RunningSerai serai = new RunningSerai(
                bootstrapServers,
                RunningSerai.withoutSources(Map.of("serai.connect.max-concurrent", "64")),
                UnaryOperator.identity());
        serai.standIn().latency(Duration.ofMillis(5), Duration.ofMillis(10));
        Header[] headers = hasForbidden
                ? new Header[] {
                    new RecordHeader(
                            "kafka_replyTopic", serai.allowedReplyTopic().getBytes(UTF_8))
                }
                : new Header[0];
        return new SideBySide.Service(name, serai, (times, round, number) -> publish(times, round, number, headers));
    }

    /**
     * An event with a topic of its own is the only one of its conversation, and of both services alike.
     *
     * @param headers of these
     */
    private static void publish(ReplyTimes times, int round, int number, Header... headers) {
        String eventId = ReplyTimes.eventId(round, number);
        String event = "{\"event_id\":\"" + eventId + "\",\"character_id\":\"c\"}";
        if (number % ONE_FORBIDDEN_IN == ONE_FORBIDDEN_IN / 2) {
            times.publishUnmeasured("own-" + eventId, event, headers);
        } else {
            times.publish(eventId, "c" + round + "-" + number % (EVENTS_PER_ROUND * 2 / 3), event);
        }
    }
}
