package dev.serai.operate.doctor;

import dev.serai.kafka.KafkaAnswers;
import dev.serai.loop.Elapsed;
import dev.serai.settings.SeraiSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.utils.Utils;

/**
 * Finds transactions of anybody that have been open for long on the service's topics, and on the partition of Kafka's own that
 * holds its groups' offsets: readers of what is committed wait behind them.
 */
final class HangingTransactionsCheck implements Check {
    /** The service's own take milliseconds, and brokers end them after this. */
    private static final Duration LONG = Duration.ofSeconds(10);

    /** None that somebody still works on. */
    private static final Duration HANGING = Duration.ofMinutes(1);

    private final KafkaAccess kafka;
    private final List<OwnTopic> topics;
    private final Set<String> groups;
    private final Duration least;
    private final Duration hanging;
    private final List<String> unseen = new ArrayList<>();

    /** Where a transaction is open, by its first offset there. */
    private record Open(ProducerState producer, Map<TopicPartition, Long> places) {}

    HangingTransactionsCheck(KafkaAccess kafka, List<OwnTopic> topics, SeraiSettings settings) {
        this(kafka, topics, settings, LONG, HANGING);
    }

    /**
     * @param least of younger ones nothing is said
     * @param hanging from then on it is an error
     */
    HangingTransactionsCheck(
            KafkaAccess kafka, List<OwnTopic> topics, SeraiSettings settings, Duration least, Duration hanging) {
        this.kafka = kafka;
        this.topics = topics;
        this.least = least;
        this.hanging = hanging;
        groups = Groups.of(settings);
    }

    @Override
    public List<Found> look() throws InterruptedException {
        Map<Long, Open> open = open();
        Map<Long, String> ids = open.isEmpty() ? Map.of() : ids(open.keySet());
        List<Found> found = new ArrayList<>();
        for (Open one : open.values()) {
            of(one, Optional.ofNullable(ids.get(one.producer().producerId()))).ifPresent(found::add);
        }
        if (found.isEmpty()) {
            found.add(Found.ok("no transaction has been open for " + Elapsed.text(least) + " on the service's topics"));
        }
        if (!unseen.isEmpty()) {
            found.add(Found.skipped("transactions on " + String.join(", ", unseen)
                    + " were not looked at: this client may not READ it, or its leader does not answer"));
        }
        return found;
    }

    private Map<Long, Open> open() throws InterruptedException {
        Set<TopicPartition> places = places();
        DescribeProducersResult asked = kafka.admin().describeProducers(places);
        Map<Long, Open> open = new TreeMap<>();
        Set<String> silent = new LinkedHashSet<>();
        for (TopicPartition place : places) {
            try {
                for (ProducerState producer :
                        KafkaAnswers.await(asked.partitionResult(place)).activeProducers()) {
                    producer.currentTransactionStartOffset().ifPresent(begin -> open.computeIfAbsent(
                                    producer.producerId(), id -> new Open(producer, new HashMap<>()))
                            .places()
                            .put(place, begin));
                }
            } catch (AuthorizationException e) {
                silent.add(place.topic());
            } catch (KafkaException e) {
                silent.add(place.toString());
            }
        }
        unseen.addAll(silent);
        return open;
    }

    private Set<TopicPartition> places() throws InterruptedException {
        List<String> names = new ArrayList<>(topics.stream().map(OwnTopic::name).toList());
        names.add(Topic.GROUP_METADATA_TOPIC_NAME);
        Map<String, KafkaFuture<TopicDescription>> described =
                kafka.admin().describeTopics(names).topicNameValues();
        Set<TopicPartition> places = new LinkedHashSet<>();
        for (Map.Entry<String, KafkaFuture<TopicDescription>> topic : described.entrySet()) {
            try {
                int partitions =
                        KafkaAnswers.await(topic.getValue()).partitions().size();
                boolean isOfGroups = topic.getKey().equals(Topic.GROUP_METADATA_TOPIC_NAME);
                for (int partition = 0; partition < partitions; partition++) {
                    int number = partition;
                    if (!isOfGroups
                            || groups.stream().anyMatch(group -> Utils.abs(group.hashCode()) % partitions == number)) {
                        places.add(new TopicPartition(topic.getKey(), partition));
                    }
                }
            } catch (UnknownTopicOrPartitionException | InvalidTopicException e) {
                // Nothing can be open on what is not there.
            } catch (AuthorizationException e) {
                unseen.add(topic.getKey());
            }
        }
        return places;
    }

    private Map<Long, String> ids(Set<Long> producers) throws InterruptedException {
        return KafkaAnswers.await(kafka.admin()
                        .listTransactions(new ListTransactionsOptions().filterProducerIds(new HashSet<>(producers)))
                        .all())
                .stream()
                .collect(Collectors.toMap(
                        TransactionListing::producerId, TransactionListing::transactionalId, (one, other) -> one));
    }

    private Optional<TransactionDescription> described(String id) throws InterruptedException {
        Admin admin = kafka.admin();
        try {
            return Optional.of(
                    KafkaAnswers.await(admin.describeTransactions(List.of(id)).description(id)));
        } catch (AuthorizationException | TransactionalIdNotFoundException e) {
            return Optional.empty();
        }
    }

    private Optional<Found> of(Open open, Optional<String> id) throws InterruptedException {
        Optional<TransactionDescription> known = id.isEmpty() ? Optional.empty() : described(id.get());
        long last = open.producer().lastTimestamp();
        long since = known.isPresent() ? known.get().transactionStartTimeMs().orElse(last) : last;
        Duration age = Duration.ofMillis(Math.max(0, System.currentTimeMillis() - since));
        if (age.compareTo(least) < 0) {
            return Optional.empty();
        }
        String where = open.places().entrySet().stream()
                .map(place -> place.getKey() + " from offset " + place.getValue())
                .sorted()
                .collect(Collectors.joining(", "));
        String text = "transaction " + id.orElse("of an id that no coordinator tells this client") + " (producer "
                + open.producer().producerId() + ") has been open since "
                + Instant.ofEpochMilli(since).truncatedTo(ChronoUnit.SECONDS) + ", " + Elapsed.text(age) + ", on "
                + where
                + known.map(one -> "; its coordinator ends it after "
                                + Elapsed.text(Duration.ofMillis(one.transactionTimeoutMs())))
                        .orElse("")
                + ": readers of what is committed wait there";
        String end = open.places().entrySet().stream()
                .map(place -> kafka.command("kafka-transactions.sh") + "abort --topic "
                        + place.getKey().topic() + " --partition "
                        + place.getKey().partition() + " --start-offset "
                        + place.getValue())
                .sorted()
                .collect(Collectors.joining("; "));
        String remedy = (id.isPresent() ? "start the program that has this id again, which ends it; else " : "") + end;
        return Optional.of(age.compareTo(hanging) < 0 ? Found.warning(text, remedy) : Found.error(text, remedy));
    }
}
