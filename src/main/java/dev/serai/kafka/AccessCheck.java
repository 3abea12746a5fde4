package dev.serai.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Asks Kafka whether topics are there, and whether this client may do with them, and with consumer groups, what it needs
 * to. A cluster without an authorizer allows everything; one that does not tell its rights is taken at its word that the
 * topic is there. Of a group that is not there yet, only its visibility can be asked.
 *
 * <p>Immutable; each {@link #lacks} opens and closes an admin client of its own.
 */
public final class AccessCheck {
    private final Map<String, Object> adminSettings;
    private final String bootstrapServers;

    /** What a right is for. */
    public enum Resource {
        TOPIC,
        GROUP;

        private String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A right that is needed.
     *
     * @param operation as Kafka's rights name it: {@code READ} or {@code WRITE}
     * @param reason for whoever is to grant it: what it is needed for, as a part of a sentence
     */
    public record Need(Resource resource, String name, AclOperation operation, String reason) {}

    /**
     * What is missing.
     *
     * @param isMissing whether the topic is, and not the right
     * @param text what is missing, what for, and the command that mends it
     */
    public record Lack(Need need, boolean isMissing, String text) {}

    /**
     * @param adminSettings the admin client's settings, {@code bootstrap.servers} at least
     * @param timeout for the answers of Kafka; at least 1 ms
     */
    public AccessCheck(Map<String, Object> adminSettings, Duration timeout) {
        this.adminSettings = ClientProperties.within(adminSettings, timeout);
        bootstrapServers = ClientProperties.bootstrapServers(adminSettings);
    }

    /**
     * Those of the needs that are not met, in their order.
     *
     * @throws KafkaException if Kafka does not answer in time, or refuses for another reason than rights
     */
    public List<Lack> lacks(Collection<Need> needs) throws InterruptedException {
        Admin admin = Admin.create(adminSettings);
        try {
            Map<String, KafkaFuture<Set<AclOperation>>> topics = ofTopics(admin, needs);
            Map<String, KafkaFuture<Set<AclOperation>>> groups = ofGroups(admin, needs);
            List<Lack> lacks = new ArrayList<>();
            for (Need need : needs) {
                KafkaFuture<Set<AclOperation>> operations =
                        (need.resource() == Resource.TOPIC ? topics : groups).get(need.name());
                lack(need, operations).ifPresent(lacks::add);
            }
            return lacks;
        } finally {
            // What was not waited for to its end is wanted by nobody.
            admin.close(Duration.ZERO);
        }
    }

    private static Map<String, KafkaFuture<Set<AclOperation>>> ofTopics(Admin admin, Collection<Need> needs) {
        var options = new DescribeTopicsOptions().includeAuthorizedOperations(true);
        return admin.describeTopics(names(needs, Resource.TOPIC), options).topicNameValues().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, topic -> topic.getValue()
                        .thenApply(description -> orUnknown(description.authorizedOperations()))));
    }

    private static Map<String, KafkaFuture<Set<AclOperation>>> ofGroups(Admin admin, Collection<Need> needs) {
        var options = new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true);
        return admin.describeConsumerGroups(names(needs, Resource.GROUP), options).describedGroups().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, group -> group.getValue()
                        .thenApply(description -> orUnknown(description.authorizedOperations()))));
    }

    private static Set<AclOperation> orUnknown(@Nullable Set<AclOperation> operations) {
        return operations == null ? Set.of() : operations;
    }

    private static Set<String> names(Collection<Need> needs, Resource resource) {
        return needs.stream()
                .filter(need -> need.resource() == resource)
                .map(Need::name)
                .collect(Collectors.toSet());
    }

    private Optional<Lack> lack(Need need, @Nullable KafkaFuture<Set<AclOperation>> asked) throws InterruptedException {
        if (asked == null) {
            throw new KafkaException("Kafka answered without " + need.resource().text() + " " + need.name());
        }
        try {
            Set<AclOperation> operations = KafkaAnswers.await(asked);
            return operations.isEmpty() || operations.contains(need.operation())
                    ? Optional.empty()
                    : Optional.of(new Lack(need, false, forbidden(need)));
        } catch (KafkaException reason) {
            return switch (reason) {
                case UnknownTopicOrPartitionException missing -> Optional.of(new Lack(need, true, missing(need)));
                case InvalidTopicException invalid ->
                    Optional.of(new Lack(
                            need,
                            true,
                            need.name() + " is no name that a topic can have, and " + need.reason() + ": change it ("
                                    + invalid.getMessage() + ")"));
                case AuthorizationException hidden -> Optional.of(new Lack(need, false, forbidden(need)));
                case GroupIdNotFoundException beforeTheFirstMember -> Optional.empty();
                default -> throw reason;
            };
        }
    }

    private String missing(Need need) {
        return "topic " + need.name() + " does not exist, and " + need.reason()
                + ". Create it with: kafka-topics.sh --bootstrap-server " + bootstrapServers + " --create --topic "
                + need.name();
    }

    private String forbidden(Need need) {
        String operation = need.operation().name();
        return "Kafka does not allow this client to " + operation + " "
                + need.resource().text() + " " + need.name() + ", and " + need.reason()
                + ". Allow it with: kafka-acls.sh --bootstrap-server " + bootstrapServers
                + " --add --allow-principal User:NAME --operation " + operation + " --"
                + need.resource().text() + " " + need.name();
    }
}
