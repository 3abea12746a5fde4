package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.loop.Counted;
import dev.serai.session.ConversationLookup;
import dev.serai.settings.SeraiSettings;
import dev.serai.wire.EndConversation;
import dev.serai.wire.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
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
final class SessionsEndCommand extends SessionCommand {
    private static final Duration POLL = Duration.ofMillis(100);

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

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long to wait for the reply (default: ${DEFAULT-VALUE}).")
    private int timeout = 30;

    @Override
    public Integer call() throws Exception {
        if (timeout < 0) {
            throw usage("--timeout must be at least 0, was " + timeout);
        }
        if (forGood && character != null) {
            throw usage("--final ends the conversation for all characters: leave out --character " + character
                    + ", or --final");
        }
        if (key().length == 0) {
            throw usage("KEY must not be empty: events without a key belong to no conversation");
        }
        SeraiSettings settings = settings().load().values();
        SeraiSettings.Kafka topics = settings.kafka();
        Map<String, Object> kafka = RunningKafka.properties(settings);
        String where = RunningKafka.text(settings, kafka);
        List<@Nullable Integer> partitions = partitions(kafka, topics, where);
        ObjectNode event = event();
        try (var replies = replies(kafka, topics.replyTopic())) {
            publish(kafka, topics.startTopic(), partitions, event);
            say("published on " + topics.startTopic() + "; waiting up to " + timeout + " s for the reply");
            List<JsonNode> answers = await(replies, event.path("event_id").asText(), partitions.size());
            answers.forEach(this::print);
            if (answers.size() < partitions.size()) {
                say("no reply within " + timeout + " s: the end event is queued on " + topics.startTopic() + " of "
                        + where + "; it takes effect when the service of that Kafka runs");
                return ExitCode.FAILED;
            }
            return answers.stream().allMatch(SessionsEndCommand::isDone) ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    /** Null stands for where the producer puts the key. */
    private List<@Nullable Integer> partitions(Map<String, Object> kafka, SeraiSettings.Kafka topics, String where)
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

    private static KafkaConsumer<byte[], byte[]> replies(Map<String, Object> kafka, String topic) {
        var settings = new HashMap<>(kafka);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            // The seek takes effect with the position that is asked for.
            partitions.forEach(consumer::position);
            return consumer;
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    private void publish(
            Map<String, Object> kafka, String startTopic, List<@Nullable Integer> partitions, ObjectNode event)
            throws IOException, InterruptedException {
        var settings = new HashMap<>(kafka);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (Integer partition : partitions) {
                producer.send(new ProducerRecord<>(startTopic, partition, key(), Json.bytes(event)))
                        .get();
            }
        } catch (ExecutionException e) {
            throw new IOException(
                    "the end event could not be published on " + startTopic + ": " + RunningKafka.reason(e), e);
        }
    }

    /** As many replies as there are partitions, or those that came in time. */
    private List<JsonNode> await(KafkaConsumer<byte[], byte[]> replies, String eventId, int count) throws IOException {
        List<JsonNode> answers = new ArrayList<>();
        long deadline = System.nanoTime() + Duration.ofSeconds(timeout).toNanos();
        while (answers.size() < count && System.nanoTime() < deadline) {
            for (ConsumerRecord<byte[], byte[]> next : replies.poll(POLL)) {
                if (Arrays.equals(next.key(), key()) && next.value() != null) {
                    JsonNode reply = Json.MAPPER.readTree(next.value());
                    if (reply.path("event_id").asText().equals(eventId)) {
                        answers.add(reply);
                    }
                }
            }
        }
        return answers;
    }

    private void print(JsonNode reply) {
        PrintWriter out = out();
        if (isEnded(reply)) {
            out.println("ended: " + counted(reply, "sessions_ended", "session") + ", "
                    + counted(reply, "events_cancelled", "waiting event") + " cancelled");
            if (!isDone(reply)) {
                say(counted(reply, "sessions_left", "session")
                        + " may still be open: the provider has not said otherwise; try again");
            }
        } else {
            say(Printable.line("the service refuses the end event: "
                    + reply.at("/error/category").asText() + ": " + Json.text(reply.at("/error/detail"))));
        }
        out.flush();
    }

    private static boolean isEnded(JsonNode reply) {
        return reply.path("status").asText().equals("ended");
    }

    private static boolean isDone(JsonNode reply) {
        return isEnded(reply) && reply.path("sessions_left").asInt() == 0;
    }

    private static String counted(JsonNode reply, String field, String one) {
        return Counted.text(reply.path(field).asInt(), one);
    }
}
