package dev.serai.cli;

import dev.serai.session.ConversationLookup;
import dev.serai.settings.SeraiSettings;
import dev.serai.wire.ForgetCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code serai sessions forget}: has the service forget a conversation. The service keeps its own copy in memory, so the
 * command goes through the start topic, to the partition whose events brought what is to be forgotten.
 */
@Command(
        name = "forget",
        description = {
            "Has the service forget a conversation: its next event starts new sessions.",
            "",
            "Its open sessions are not ended, and no end event finds them afterwards: serai sessions end KEY comes first,"
                    + " if they are to be.",
            "",
            "Publishes a command on the start topic, where it runs in order with the conversation's events, and waits"
                    + " until the service has carried it out. Ends with exit code 1 if nothing is remembered, or if it was"
                    + " not carried out in time; it then stays queued for the service."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  ./serai sessions forget learner-1", "  ./serai sessions forget 0x80ff --timeout 120"})
final class SessionsForgetCommand extends SessionCommand {
    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long to wait for the service (default: ${DEFAULT-VALUE}).")
    private int timeout = 30;

    @Override
    public Integer call() throws Exception {
        if (timeout < 0) {
            throw usage("--timeout must be at least 0, was " + timeout);
        }
        SeraiSettings settings = settings().load().values();
        SeraiSettings.Kafka topics = settings.kafka();
        Map<String, Object> kafka = RunningKafka.properties(settings);
        byte[] bytes = key();
        try (var lookup = new ConversationLookup(kafka, topics.sessionTopic(), bytes, READ_LIMIT)) {
            String where = RunningKafka.text(settings, kafka);
            Set<Integer> partitions = find(lookup, topics.sessionTopic(), where).keySet();
            if (partitions.isEmpty()) {
                return ExitCode.FAILED;
            }
            publish(kafka, topics.startTopic(), partitions, bytes);
            say("published on " + topics.startTopic() + "; waiting up to " + timeout
                    + " s for the service to carry it out");
            return report(lookup.awaitForgotten(Duration.ofSeconds(timeout)), topics.startTopic() + " of " + where);
        }
    }

    /** @param queue where the command is */
    private int report(boolean isForgotten, String queue) {
        if (isForgotten) {
            PrintWriter out = out();
            out.println("forgotten");
            out.flush();
            return ExitCode.OK;
        }
        say("not carried out within " + timeout + " s: the command is queued on " + queue
                + "; it takes effect when the service of that Kafka runs");
        return ExitCode.FAILED;
    }

    private static void publish(
            Map<String, Object> kafka, String startTopic, Set<Integer> partitions, byte[] conversationKey)
            throws IOException, InterruptedException {
        var settings = new HashMap<>(kafka);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int partition : partitions) {
                var command = new ProducerRecord<byte[], byte[]>(startTopic, partition, conversationKey, null);
                ForgetCommand.headers().forEach(header -> command.headers().add(header.name(), header.value()));
                producer.send(command).get();
            }
        } catch (ExecutionException e) {
            throw new IOException(
                    "the command could not be published on " + startTopic + ": " + RunningKafka.reason(e), e);
        }
    }
}
