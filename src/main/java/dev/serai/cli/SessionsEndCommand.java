package dev.serai.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.session.ConversationLookup;
import dev.serai.settings.KafkaSettings;
import dev.serai.settings.SeraiSettings;
import dev.serai.wire.EndConversation;
import dev.serai.wire.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code serai sessions end}: publishes an end event of a conversation, and waits for what the service answers. */
@Command(
        name = "end",
        description = {
            "Ends a conversation: cancels what of it waits, and closes its open sessions at the provider.",
            "",
            "Publishes an end event on the start topic, to the partition whose events brought the conversation (if nothing"
                    + " is remembered of it, to the one where Java's clients put its key), and waits for the reply. The"
                    + " Kafka is that of KAFKA_BOOTSTRAP_SERVERS, else the embedded broker of a serai run on this machine. What"
                    + " is remembered stays: its next event resumes it, unless --final says that there is to be none.",
            "",
            "It may say that 0 sessions were ended: none was open, or the service does not know of any since it was"
                    + " started anew without serai.sessions.key-file. Ends with exit code 1 if a session could not be ended,"
                    + " if the service refuses the event, or if the reply did not come in time; the event then stays queued"
                    + " for the service."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./serai sessions end learner-1",
            "  ./serai sessions end learner-1 --character museum-guide --reason closing-time",
            "  ./serai sessions end call-81 --final"
        })
final class SessionsEndCommand extends SessionChangeCommand {
    @Option(
            names = "--character",
            paramLabel = "ID",
            description = "Only the sessions and waiting events of this character (default: of all).")
    private @Nullable String character;

    @Option(
            names = "--tenant",
            paramLabel = "NAME",
            description = "Whose sessions and waiting events (default: those of the tenant \"default\").")
    private @Nullable String tenant;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, up to 500 characters: the replies say it.")
    private @Nullable String reason;

    @Option(
            names = "--final",
            description =
                    "For good: start events of it that the service reads later are cancelled, until it is forgotten"
                            + " (./serai sessions forget KEY), or serai.sessions.retention has passed. Not with --character.")
    private boolean forGood;

    @Override
    public Integer call() throws Exception {
        Duration limit = limit();
        if (forGood && character != null) {
            throw usage("--final ends the conversation for all characters: leave out --character " + character
                    + ", or --final");
        }
        if (key().length == 0) {
            throw usage("KEY must not be empty: events without a key belong to no conversation");
        }
        SeraiSettings settings = settings().load().values();
        KafkaSettings topics = settings.kafka();
        Map<String, Object> kafka = RunningKafka.properties(settings);
        String where = RunningKafka.text(settings, kafka);
        List<@Nullable Integer> partitions = partitions(kafka, topics, where);
        ObjectNode event = event();
        String eventId = event.path("event_id").asText();
        try (var replies = ReplyReader.open(kafka, topics.startTopic(), topics.replyTopic())) {
            StartTopic.publish(kafka, "the end event", records(topics.startTopic(), partitions, event));
            sayPublished(topics.startTopic(), "the reply");
            List<ReceivedReply> answers = replies.await(
                    reply -> reply.hasKey(key()) && reply.isTo(eventId), partitions.size(), limit, () -> false);
            answers.forEach(this::print);
            if (answers.size() < partitions.size()) {
                return notInTime("no reply", "the end event", topics.startTopic(), where);
            }
            return answers.stream().allMatch(SessionsEndCommand::isDone) ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    /** Null stands for where the producer puts the key. */
    private List<@Nullable Integer> partitions(Map<String, Object> kafka, KafkaSettings topics, String where)
            throws IOException {
        try (var lookup = new ConversationLookup(kafka, topics.sessionTopic(), key(), READ_LIMIT)) {
            Set<Integer> found = find(lookup, topics.sessionTopic(), where).keySet();
            List<@Nullable Integer> partitions = new ArrayList<>(found);
            if (partitions.isEmpty()) {
                say(
                        "the end event goes where Java's clients put the key; what waits in another partition is not cancelled");
                partitions.add(null);
            }
            return partitions;
        }
    }

    private ObjectNode event() {
        return Json.MAPPER
                .createObjectNode()
                .put(EndConversation.ACTION, EndConversation.END)
                .put("event_id", "sessions-end-" + UUID.randomUUID())
                .put("character_id", character)
                .put("tenant", tenant)
                .put("reason", reason)
                .put(EndConversation.FINAL, forGood);
    }

    private List<ProducerRecord<byte[], byte[]>> records(
            String startTopic, List<@Nullable Integer> partitions, ObjectNode event) {
        return partitions.stream()
                .map(partition -> new ProducerRecord<>(startTopic, partition, key(), Json.bytes(event)))
                .toList();
    }

    private void print(ReceivedReply reply) {
        PrintWriter out = out();
        if (isEnded(reply)) {
            out.println(reply.ended());
            if (!reply.isDone()) {
                say(reply.left());
            }
        } else {
            say(Printable.line("the service refuses the end event: " + reply.problem()));
        }
        out.flush();
    }

    private static boolean isEnded(ReceivedReply reply) {
        return reply.status().equals(ReceivedReply.ENDED);
    }

    private static boolean isDone(ReceivedReply reply) {
        return isEnded(reply) && reply.isDone();
    }
}
