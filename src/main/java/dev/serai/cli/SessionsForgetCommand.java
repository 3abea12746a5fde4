package dev.serai.cli;

import dev.serai.session.ConversationLookup;
import dev.serai.settings.KafkaSettings;
import dev.serai.settings.SeraiSettings;
import dev.serai.wire.ForgetCommand;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import picocli.CommandLine.Command;

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
final class SessionsForgetCommand extends SessionChangeCommand {
    @Override
    public Integer call() throws Exception {
        Duration limit = limit();
        SeraiSettings settings = settings().load().values();
        KafkaSettings topics = settings.kafka();
        Map<String, Object> kafka = RunningKafka.properties(settings);
        byte[] bytes = key();
        try (var lookup = new ConversationLookup(kafka, topics.sessionTopic(), bytes, READ_LIMIT)) {
            String where = RunningKafka.text(settings, kafka);
            Set<Integer> partitions = find(lookup, topics.sessionTopic(), where).keySet();
            if (partitions.isEmpty()) {
                return ExitCode.FAILED;
            }
            StartTopic.publish(
                    kafka,
                    "the command",
                    partitions.stream()
                            .map(partition -> command(topics.startTopic(), partition, bytes))
                            .toList());
            sayPublished(topics.startTopic(), "the service to carry it out");
            if (!lookup.awaitForgotten(limit)) {
                return notInTime("not carried out", "the command", topics.startTopic(), where);
            }
            PrintWriter out = out();
            out.println("forgotten");
            out.flush();
            return ExitCode.OK;
        }
    }

    private static ProducerRecord<byte[], byte[]> command(String startTopic, int partition, byte[] conversationKey) {
        var command = new ProducerRecord<byte[], byte[]>(startTopic, partition, conversationKey, null);
        ForgetCommand.headers().forEach(header -> command.headers().add(header.name(), header.value()));
        return command;
    }
}
