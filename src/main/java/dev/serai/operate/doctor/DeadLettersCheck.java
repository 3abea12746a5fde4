package dev.serai.operate.doctor;

import dev.serai.kafka.Consumers;
import dev.serai.loop.Counted;
import dev.serai.operate.letters.Letter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * How many events have failed in the last day, by reason. A letter has the time of its event, and letters stand in the order in
 * which they failed: so the end of each partition is read, and not from a time on.
 */
final class DeadLettersCheck implements Check {
    private static final Duration DAY = Duration.ofDays(1);

    /** Of all partitions together. */
    private static final long MOST = 20_000;

    private static final Duration PATIENCE = Duration.ofSeconds(6);
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaAccess kafka;
    private final String topic;
    private final Instant since = Instant.now().minus(DAY);
    private final Map<String, Long> reasons = new TreeMap<>();
    private boolean isComplete = true;

    DeadLettersCheck(KafkaAccess kafka, String topic) {
        this.kafka = kafka;
        this.topic = topic;
    }

    @Override
    public List<Found> look() throws InterruptedException {
        KafkaConsumer<byte[], byte[]> consumer = Consumers.of(
                kafka.properties(),
                Map.of(
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        50,
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        Math.toIntExact(KafkaAccess.ANSWER.toMillis())));
        try {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            if (partitions.isEmpty()) {
                return List.of(Found.skipped(topic + " is not there: see topics"));
            }
            read(consumer, partitions);
        } catch (AuthorizationException e) {
            return List.of(
                    Found.skipped(topic + " may not be read by this client (READ), which the service does not need"));
        } catch (InterruptException e) {
            throw new InterruptedException();
        } finally {
            Consumers.close(consumer);
        }
        return List.of(found());
    }

    private void read(KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions)
            throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        consumer.assign(partitions);
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
        long each = Math.max(1, MOST / partitions.size());
        Map<TopicPartition, Boolean> mayHaveMore = new HashMap<>();
        for (TopicPartition partition : partitions) {
            long from = Math.max(begins.getOrDefault(partition, 0L), ends.getOrDefault(partition, 0L) - each);
            mayHaveMore.put(partition, from > begins.getOrDefault(partition, 0L));
            consumer.seek(partition, from);
        }
        while (!isAtEnd(consumer, ends)) {
            if (System.nanoTime() > until) {
                isComplete = false;
                return;
            }
            for (ConsumerRecord<byte[], byte[]> read : consumer.poll(POLL)) {
                Letter letter = Letter.of(read);
                TopicPartition partition = new TopicPartition(read.topic(), read.partition());
                boolean isOfTheDay = !letter.failedAt().isBefore(since);
                // The first that is read of each tells whether there are more of the day before it.
                isComplete &= !(Boolean.TRUE.equals(mayHaveMore.put(partition, false)) && isOfTheDay);
                if (isOfTheDay) {
                    reasons.merge(letter.reason(), 1L, Long::sum);
                }
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private static boolean isAtEnd(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        Set<TopicPartition> left = Set.copyOf(ends.keySet());
        left.forEach(partition -> {
            if (consumer.position(partition) >= ends.getOrDefault(partition, 0L)) {
                ends.remove(partition);
            }
        });
        return ends.isEmpty();
    }

    private Found found() {
        long count = reasons.values().stream().mapToLong(Long::longValue).sum();
        if (count == 0) {
            return isComplete
                    ? Found.ok(topic + ": no dead letter of the last 24 h")
                    : Found.skipped(topic + " could not be read to its end in " + PATIENCE.toSeconds() + " s");
        }
        List<String> parts = new ArrayList<>();
        reasons.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .forEach(reason -> parts.add(reason.getValue() + " " + reason.getKey()));
        return Found.warning(
                topic + ": " + (isComplete ? "" : "at least ") + Counted.text(count, "dead letter")
                        + " of the last 24 h (" + parts.stream().collect(Collectors.joining(", ")) + ")",
                "./serai dead-letters list --since 24h says what to do about each reason");
    }
}
