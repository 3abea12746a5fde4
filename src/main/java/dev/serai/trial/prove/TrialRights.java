package dev.serai.trial.prove;

import dev.serai.kafka.AccessCheck;
import dev.serai.kafka.AccessCheck.Lack;
import dev.serai.kafka.AccessCheck.Need;
import dev.serai.kafka.AccessCheck.Resource;
import dev.serai.kafka.ClientProperties;
import dev.serai.kafka.KafkaAnswers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.acl.AclOperation;

/**
 * What a run may do with its topics and its group. Stateless but for its settings.
 *
 * @param answerLimit for each of Kafka's answers
 */
record TrialRights(Admin admin, Map<String, Object> properties, TrialNames names, Duration answerLimit) {
    /**
     * Asks Kafka, when the topics are there.
     *
     * @throws TrialRefusedException if a right is missing
     */
    void require() throws InterruptedException {
        List<Lack> lacks = new AccessCheck(properties, answerLimit).lacks(rights());
        if (!lacks.isEmpty()) {
            throw new TrialRefusedException(
                    lacks.stream().map(Lack::text).collect(Collectors.joining(System.lineSeparator()))
                            + System.lineSeparator()
                            + needs(),
                    null);
        }
    }

    private List<Need> rights() throws InterruptedException {
        String reason = "this run needs it";
        List<AclOperation> operations = new ArrayList<>(List.of(AclOperation.READ, AclOperation.WRITE));
        if (!mayDeleteAnyTopic()) {
            operations.add(AclOperation.DELETE);
        }
        List<Need> needs = new ArrayList<>();
        for (String topic : names.topics()) {
            operations.forEach(operation -> needs.add(new Need(Resource.TOPIC, topic, operation, reason)));
        }
        needs.add(new Need(Resource.GROUP, names.group(), AclOperation.READ, reason));
        return needs;
    }

    /** By the right on the cluster, which stands for that on each topic. */
    private boolean mayDeleteAnyTopic() throws InterruptedException {
        Set<AclOperation> ofCluster =
                KafkaAnswers.await(admin.describeCluster(new DescribeClusterOptions().includeAuthorizedOperations(true))
                        .authorizedOperations());
        return ofCluster != null && ofCluster.contains(AclOperation.DELETE);
    }

    /** What whoever grants rights is told. */
    String needs() {
        return "A run needs CREATE, DESCRIBE, READ, WRITE and DELETE on topics, READ, DESCRIBE and DELETE on groups, and"
                + " WRITE and DESCRIBE on transactional ids that begin with " + names.prefix()
                + ". Allow it with: kafka-acls.sh --bootstrap-server "
                + ClientProperties.bootstrapServers(properties)
                + " --add --allow-principal User:NAME --operation All --resource-pattern-type prefixed --topic "
                + names.prefix() + " --group " + names.prefix() + " --transactional-id " + names.prefix();
    }
}
