package dev.serai.cli;

import dev.serai.batch.Job;
import dev.serai.batch.JobId;
import dev.serai.batch.JobTopics;
import dev.serai.batch.JobsReader;
import dev.serai.kafka.TopicReadException;
import dev.serai.settings.InvalidSettingsException;
import dev.serai.settings.SeraiSettings;
import java.io.IOException;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** A command about provisioning jobs. For one call. */
abstract class ProvisionJobCommand extends SettingsCommand {
    @Override
    public final Integer call() throws Exception {
        try {
            return work();
        } catch (UnknownTopicOrPartitionException e) {
            throw new IOException(
                    "a topic is not there: " + e.getMessage() + ". A service creates its topics when it starts", e);
        } catch (TopicReadException e) {
            throw new IOException(e.getMessage(), e);
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            throw new IOException(
                    "another command uploads this job now, or Kafka was too slow: what was uploaded stays, and"
                            + " provision resume goes on with it",
                    e);
        } catch (KafkaException e) {
            throw KafkaRefusedException.because("the job cannot be worked on", e);
        }
    }

    abstract int work() throws Exception;

    static JobTopics topics(SeraiSettings settings) {
        return new JobTopics(settings.kafka().jobTopic(), settings.kafka().jobRowTopic());
    }

    /** The service that runs, or one that is started here. */
    final JobService jobService(boolean isEmbedded) throws IOException, InterruptedException, InvalidSettingsException {
        if (!isEmbedded) {
            return JobService.running(settings().load());
        }
        requireNoKafka(settings().load().values());
        settings().setUnlessGiven("serai.http.port", "0");
        return JobService.embedded(settings().readForService());
    }

    /** For who wants an embedded one. */
    final void requireNoKafka(SeraiSettings settings) {
        if (settings.kafka().bootstrapServers() != null) {
            throw usage(
                    "--embedded is for who has no Kafka, and KAFKA_BOOTSTRAP_SERVERS names one: leave one of them out");
        }
    }

    /** A job that there is; wrong usage if there is none. */
    final Job job(Map<String, Object> kafka, SeraiSettings settings, String id) {
        if (!JobId.isValid(id)) {
            throw usage("JOB must be the id of a job, such as 20260301-0800-k3x9q2vb, was " + Printable.line(id));
        }
        return JobsReader.find(kafka, topics(settings).jobs(), id)
                .orElseThrow(() -> usage("there is no job " + id + " of " + RunningKafka.text(settings, kafka)
                        + ": provision status lists them; they are kept for "
                        + JobTopics.RETENTION.toDays() + " days after their end"));
    }

    static String by() {
        return System.getProperty("user.name", "unknown");
    }
}
