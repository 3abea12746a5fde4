package dev.serai.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.FailingStep;
import dev.serai.testing.Incoming;
import dev.serai.testing.RouteFiles;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.TopicReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An endpoint that a user adds with {@code kafkaClientFactory=#outbox} takes part in the event's transaction. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class OutboxEndpointTest {
    private static final String AUDIT = "test.audit." + UUID.randomUUID();

    @AutoClose
    private static RunningSerai serai;

    @BeforeAll
    static void start() throws Exception {
        SharedBroker.createTopic(AUDIT);
        serai = new RunningSerai(Map.of(
                "serai.routes-dir",
                RouteFiles.copyWith(Map.of(
                                "conversation",
                                yaml -> yaml
                                        + """
                                # In branches that run side by side, on threads of Camel's own.
                                - multicast:
                                    id: audit
                                    parallelProcessing: true
                                    steps:
                                      - pipeline:
                                          steps:
                                            - setBody:
                                                constant: one
                                            - to: "%1$s"
                                      - pipeline:
                                          steps:
                                            - setBody:
                                                constant: two
                                            - to: "%1$s"
                                - process:
                                    id: fail-on-purpose
                                    ref: "#class:%2$s"
                        """.formatted(
                                                        "kafka:" + AUDIT + "?kafkaClientFactory=#outbox",
                                                        FailingStep.class.getName())))
                        .toString()));
    }

    @Test
    void record_isPublishedWithTheReply_andNotWithAFailureAfterIt() {
        Supplier<Throwable> failure = () -> new IllegalStateException("the user's step fails");
        FailingStep.failFor("fails", failure);
        publish("{'event_id':'answered','character_id':'c'}");
        RecordMetadata failed = publish("{'event_id':'fails','character_id':'c'}");

        serai.replyTo("answered");
        serai.deadLetterOf(failed);

        assertThat(serai.repliesTo("fails")).hasSize(1);
        assertThat(serai.replyTo("fails").path("status").asText()).isEqualTo("failed");
        assertThat(audit()).containsExactlyInAnyOrder("one", "two");
    }

    private static RecordMetadata publish(String event) {
        return serai.publish("key", Incoming.json(event));
    }

    private static List<String> audit() {
        try (TopicReader reader = serai.reader(AUDIT)) {
            return reader.all().stream()
                    .map(audited -> new String(audited.value(), StandardCharsets.UTF_8))
                    .toList();
        }
    }
}
