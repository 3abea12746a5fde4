package dev.serai.trial.prove;

import dev.serai.trial.guarantee.SecretSearch;
import dev.serai.trial.guarantee.SeenDeadLetter;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;

/** What a run has left on its topics. Stateless but for its settings; whatever Kafka answers comes out of it. */
record TrialRecords(Map<String, Object> properties, TrialNames names) {

    List<SeenDeadLetter> deadLetters() {
        return read(names.deadLetters(), IsolationLevel.READ_COMMITTED).stream()
                .map(SeenDeadLetter::of)
                .toList();
    }

    /** How many records of the reply topic have any of the secrets. */
    int repliesWith(SecretSearch search) {
        return (int) read(names.replies(), IsolationLevel.READ_COMMITTED).stream()
                .filter(reply -> search.in(reply) > 0)
                .count();
    }

    /** The records of the other topics that have any of the secrets, those of aborted transactions among them. */
    List<String> recordsWith(SecretSearch search) {
        return Stream.of(names.start(), names.deadLetters(), names.sessions())
                .flatMap(topic -> read(topic, IsolationLevel.READ_UNCOMMITTED).stream())
                .filter(each -> search.in(each) > 0)
                .map(each -> each.topic() + "-" + each.partition() + "@" + each.offset() + " has " + search.in(each)
                        + " tokens or session ids")
                .toList();
    }

    private List<ConsumerRecord<byte[], byte[]>> read(String topic, IsolationLevel isolation) {
        try (TopicScan scan = new TopicScan(properties, topic, isolation)) {
            return scan.rest();
        }
    }
}
