package dev.serai.batch;

import dev.serai.kafka.AccessCheck.Lack;
import dev.serai.kafka.AccessCheck.Need;
import dev.serai.kafka.AccessCheck.Resource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;

/** What running jobs takes of Kafka. Immutable. */
public final class JobRights {
    private final Set<Need> needs = new LinkedHashSet<>();
    private final Set<Need> seeing = new LinkedHashSet<>();

    /** @param groupId of the service's own group */
    public JobRights(JobTopics topics, String startTopic, String replyTopic, String groupId) {
        String reason = "this replica runs no provisioning jobs until that has changed (or set"
                + " serai.provision.enabled=false)";
        for (String topic : List.of(topics.jobs(), topics.rows())) {
            seeing.add(new Need(Resource.TOPIC, topic, AclOperation.DESCRIBE, reason));
            needs.add(new Need(Resource.TOPIC, topic, AclOperation.READ, reason));
        }
        needs.add(new Need(Resource.TOPIC, topics.jobs(), AclOperation.WRITE, reason));
        needs.add(new Need(Resource.TOPIC, replyTopic, AclOperation.READ, reason));
        needs.add(new Need(Resource.TOPIC, startTopic, AclOperation.WRITE, reason));
        needs.add(new Need(Resource.GROUP, JobTopics.group(groupId), AclOperation.READ, reason));
    }

    /** All that is to be asked for. */
    public List<Need> needs() {
        List<Need> all = new ArrayList<>(seeing);
        all.addAll(needs);
        return all;
    }

    /** Whether a right is of these, and not of the service's own. */
    public boolean has(Need need) {
        return needs.contains(need) || seeing.contains(need);
    }

    /** Whether it is only there to tell whether there are jobs. */
    public boolean isOfSeeing(Need need) {
        return seeing.contains(need);
    }

    /**
     * Whether there are no jobs as far as this client may see, and nothing of this is needed.
     *
     * @param lacks of all that was asked for
     */
    public boolean areNotNeeded(List<Lack> lacks) {
        return lacks.stream().anyMatch(lack -> seeing.contains(lack.need()));
    }
}
