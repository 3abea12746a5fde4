package dev.serai.cli;

import dev.serai.kafka.TopicReadException;
import dev.serai.operate.letters.DeadLetters;
import dev.serai.operate.letters.ReplayMarks;
import dev.serai.settings.SeraiSettings;
import java.io.IOException;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command about a topic of dead letters. For one call. */
abstract class LettersCommand extends SettingsCommand {
    @Option(
            names = "--topic",
            paramLabel = "TOPIC",
            description = "The topic of dead letters, also one of Spring, Kafka Connect or others (default:"
                    + " serai.kafka.dead-letter-topic).")
    private @Nullable String topic;

    @Override
    public final Integer call() throws Exception {
        SeraiSettings settings = settings().load().values();
        String name = topic == null ? settings.kafka().deadLetterTopic() : topic;
        Map<String, Object> kafka = RunningKafka.properties(settings);
        try {
            DeadLetters letters = DeadLetters.of(kafka, name);
            return call(settings, kafka, letters);
        } catch (UnknownTopicOrPartitionException e) {
            throw new IOException(
                    "there is no topic " + name + " of " + RunningKafka.text(settings, kafka)
                            + ": a service creates its topics when it starts; --topic names another",
                    e);
        } catch (TopicReadException e) {
            throw new IOException(e.getMessage(), e);
        } catch (KafkaException e) {
            throw KafkaRefusedException.because(
                    name + ", or " + ReplayMarks.topic(name) + " beside it, cannot be used", e);
        }
    }

    /** What was replayed, to be told; says so if this client may not read that. */
    final ReplayMarks marks(Map<String, Object> kafka, DeadLetters letters) {
        try {
            return ReplayMarks.read(kafka, letters);
        } catch (TopicAuthorizationException e) {
            say("which of the letters were replayed is not known: this client has no READ on "
                    + ReplayMarks.topic(letters.topic()));
            return ReplayMarks.unknown();
        }
    }

    /** What the command does; failures of Kafka's clients may come out of it. */
    abstract int call(SeraiSettings settings, Map<String, Object> kafka, DeadLetters letters) throws Exception;
}
