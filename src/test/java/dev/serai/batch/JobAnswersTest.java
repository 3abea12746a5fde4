package dev.serai.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.kafka.TopicSetup;
import dev.serai.kafka.TopicSpec;
import dev.serai.testing.Producers;
import dev.serai.testing.SharedBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers to a job's rows, wherever they are. */
@Timeout(120)
class JobAnswersTest {
    private static final Map<String, Object> KAFKA = Map.of("bootstrap.servers", SharedBroker.bootstrapServers());
    private static final String JOB = "20260301-1200-test";

    private final String topic = "replies." + UUID.randomUUID();

    private JobSpec spec() {
        return SampleJobs.spec(JOB)
                .rows(3)
                .topics("start", topic, JobPartitions.ends(KAFKA, topic))
                .build();
    }

    /** Their rooms would be lost else, as nobody has answered them. */
    @Test
    void answersInPartitionsThatWereAdded_areRead_beforeTheEndIsReached() throws Exception {
        new TopicSetup(KAFKA, true, Duration.ofSeconds(20)).ensure(List.of(new TopicSpec(topic, 1, Map.of())));
        JobSpec spec = spec();
        Set<Integer> answered = new TreeSet<>();
        try (JobAnswers answers = new JobAnswers(KAFKA, topic, JOB, spec.repliesFrom());
                Admin admin = Admin.create(KAFKA);
                var producer = Producers.with(KAFKA)) {
            admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(3)))
                    .all()
                    .get();
            for (int partition = 0; partition < 3; partition++) {
                byte[] reply = ("{\"status\":\"started\",\"event_id\":\"" + JOB + "/" + (partition + 1) + "\"}")
                        .getBytes(UTF_8);
                producer.send(new ProducerRecord<>(topic, partition, null, reply))
                        .get();
            }

            var ends = answers.committedEnds();
            while (!answers.hasReached(ends)) {
                answers.poll(Duration.ofMillis(100), answer -> answered.add(answer.row()));
            }
        }
        assertThat(answered).containsExactly(1, 2, 3);
    }
}
