package dev.serai.operate.explain;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What was found of an event, its conversation, or a room. Immutable.
 *
 * @param key of the conversation, as people write it; null without one
 * @param since records from before were not looked at
 * @param arrivals the conversation's, in the order of their partitions and offsets
 * @param undecided those that lie behind the beginning of an open transaction, which no service sees yet
 * @param answers in the order of their times
 * @param letters likewise
 * @param groups by partition
 * @param forbidden topics that this client may not read
 * @param unseen partitions, as {@code topic-partition}, that could not be looked at, each with the reason
 * @param notes what could not be seen, and why
 */
public record Evidence(
        Question question,
        Deployment deployment,
        Instant now,
        Instant since,
        @Nullable String key,
        List<Arrival> arrivals,
        List<Arrival> undecided,
        List<FoundReply> answers,
        List<Rejection> letters,
        List<GroupSeen> groups,
        List<OpenTransaction> transactions,
        List<ServiceSeen> services,
        SessionsSeen sessions,
        List<RawSeen> raw,
        List<Looked> looked,
        SortedSet<String> forbidden,
        SortedMap<String, String> unseen,
        List<String> notes) {
    public Evidence {
        arrivals = List.copyOf(arrivals);
        undecided = List.copyOf(undecided);
        answers = List.copyOf(answers);
        letters = List.copyOf(letters);
        groups = List.copyOf(groups);
        transactions = List.copyOf(transactions);
        services = List.copyOf(services);
        raw = List.copyOf(raw);
        looked = List.copyOf(looked);
        forbidden = Collections.unmodifiableSortedSet(new TreeSet<>(forbidden));
        unseen = Collections.unmodifiableSortedMap(new TreeMap<>(unseen));
        notes = List.copyOf(notes);
    }

    /** Whether all of a topic could be looked at. */
    boolean sees(String topic) {
        return !forbidden.contains(topic)
                && unseen.keySet().stream().noneMatch(partition -> partition
                        .substring(0, partition.lastIndexOf('-'))
                        .equals(topic));
    }

    Optional<GroupSeen> group(Position at) {
        return groups.stream()
                .filter(group -> group.partition() == at.partition())
                .findFirst();
    }

    /** The transaction that holds the partition back; empty if none does. */
    Optional<OpenTransaction> holding(String topic, @Nullable Integer partition) {
        return transactions.stream()
                .filter(open -> open.at().topic().equals(topic)
                        && (partition == null || open.at().partition() == partition))
                .findFirst();
    }

    /** The service that holds the record, and what that says of it. */
    Optional<HeldBy> heldBy(Position at) {
        return services.stream()
                .flatMap(service -> service.held().stream()
                        .filter(held -> held.at().equals(at))
                        .map(held -> new HeldBy(service.address(), held)))
                .findFirst();
    }

    /**
     * What a service holds.
     *
     * @param service its address
     */
    record HeldBy(String service, Held held) {}
}
