package dev.serai.conversation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.session.SampleSessions;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.RouteFiles;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.SharedBroker;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Replies that the user's own steps have changed, and what is kept of them. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class ChangedRepliesTest {
    /** Before the reply is sent. */
    private static final String CHANGE = """
            - choice:
                id: change-some
                when:
                  - id: when-to-change
                    expression:
                      simple:
                        expression: ${exchangeProperty[serai.conversation].event.characterId} == 'changed'
                    steps:
                      - setBody:
                          id: change
                          expression:
                            constant:
                              expression: "[\\"wrapped\\"]"
            """.indent(8);

    /** Behind it, with the headers that the reply has. */
    private static final String COPY = """
            - choice:
                id: copy-some
                when:
                  - id: when-to-copy
                    expression:
                      simple:
                        expression: ${exchangeProperty[serai.conversation].event.characterId} == 'copied'
                    steps:
                      - setBody:
                          id: nothing-secret
                          expression:
                            constant:
                              expression: "{\\"audited\\":true}"
                      - to:
                          id: audit-topic
                          uri: kafka:%s
                          parameters:
                            kafkaClientFactory: "#outbox"
                            synchronous: true
                            useIterator: false
                            keySerializer: org.apache.kafka.common.serialization.ByteArraySerializer
                            valueSerializer: org.apache.kafka.common.serialization.ByteArraySerializer
            """.indent(8);

    @AutoClose
    private static RunningSerai serai;

    private final String caller = "caller-" + UUID.randomUUID();

    @BeforeAll
    static void start() throws Exception {
        Path keyFile = SampleSessions.keyFile();
        String audit = "test.audit." + UUID.randomUUID();
        SharedBroker.createTopic(audit);
        String send = "        - to:\n            id: reply-topic\n";
        String note = "        - process:\n            id: note-reply\n";
        Path routes = RouteFiles.copyWith(
                Map.of("reply", yaml -> yaml.replace(send, CHANGE + send).replace(note, COPY.formatted(audit) + note)));
        serai = new RunningSerai(RunningSerai.withoutSources(
                Map.of("serai.sessions.key-file", keyFile.toString(), "serai.routes-dir", routes.toString())));
    }

    @Test
    void replyThatIsNoObject_isPublished_repeated_andKeepsNoEventOfItsConversationFromRunning() {
        String changed = "{\"event_id\":\"changed-" + caller + "\",\"character_id\":\"changed\"}";
        serai.awaitCommitted(serai.publish(caller, changed));
        serai.awaitCommitted(serai.publish(caller, changed));
        assertThat(serai.replies().stream().filter(reply -> new String(reply.value(), UTF_8).equals("[\"wrapped\"]")))
                .hasSize(2);
        assertThat(serai.connectCalls("changed")).hasSize(1);

        serai.publish(caller, "{\"event_id\":\"next-" + caller + "\",\"character_id\":\"guide\"}");

        assertThat(serai.replyTo("next-" + caller).path("status").asText()).isEqualTo("started");
    }

    @Test
    void copyOfAReply_isNotTakenForTheReply() {
        String id = "copied-" + caller;
        serai.awaitCommitted(serai.publish(caller, "{\"event_id\":\"" + id + "\",\"character_id\":\"copied\"}"));
        JsonNode first = serai.replyTo(id);

        serai.awaitCommitted(serai.publish(caller, "{\"event_id\":\"" + id + "\",\"character_id\":\"copied\"}"));

        JsonNode again = serai.repliesTo(id).getLast();
        assertThat(serai.repliesTo(id)).hasSize(2);
        assertThat(again.path("token")).isEqualTo(first.path("token"));
    }
}
