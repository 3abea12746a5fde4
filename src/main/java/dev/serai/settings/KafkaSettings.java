package dev.serai.settings;

import dev.serai.settings.Key.Text;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The broker and the topics; the six topics differ. */
public record KafkaSettings(
        @Key(is = Kind.SERVERS, alias = "KAFKA_BOOTSTRAP_SERVERS")
        @Text("The Kafka cluster. Not set: the embedded broker.")
        @Nullable
        String bootstrapServers,

        @Key(is = Kind.PROPERTIES_FILE)
        @Text("A standard Kafka `client.properties` for TLS and SASL, used by consumer, producers and admin"
                + " client; read as Kafka's own tools read it, in ISO 8859-1: other characters, such as of a password, are"
                + " written `\\u20ac`. Not set: plain text without authentication.")
        @Nullable
        Path clientPropertiesFile,

        @Key(is = Kind.TOPIC, or = "conversation.start")
        @Text("Start and end events come in here. Serai's six topics must differ.")
        String startTopic,

        @Key(is = Kind.TOPIC, or = "conversation.replies")
        @Text("Replies go out here: room credentials, failures, and what end events come to.")
        String replyTopic,

        @Key(is = Kind.TOPIC, or = "conversation.dead-letters") @Text("Events that failed go here, untouched.")
        String deadLetterTopic,

        @Key(is = Kind.TOPIC, or = "conversation.sessions")
        @Text("Compacted topic with each conversation's latest `character_session_id`; with `serai.sessions.key-file`"
                + " also with its open sessions, sealed.")
        String sessionTopic,

        @Key(is = Kind.TOPIC, or = "conversation.jobs")
        @Text("Compacted topic of provisioning jobs: what each is, and how far. `serai provision` creates it.")
        String jobTopic,

        @Key(is = Kind.TOPIC, or = "conversation.job-rows")
        @Text("Topic of the rows of provisioning jobs, each a start event that waits for its time."
                + " `serai provision` creates it.")
        String jobRowTopic,

        @Key(or = "serai") @Text("Consumer group; the same for all replicas.")
        String groupId,

        @Key(or = "1000", in = "1 to 100000")
        @Text("Start events that this process works on at once; those of one tenant are about half of them at"
                + " most, so that others have places. Sixteen times as many, or as many as the heap allows, wait"
                + " for that as they came; beyond it, it reads no more.")
        int maxInFlight,

        @Key(is = Kind.SIZE, in = "64KiB to 1024MiB")
        @Text("Keys, values and headers of the start events that this process holds at once; beyond it, it reads"
                + " no more. A larger event is held alone. Not set: a sixteenth of the JVM's maximum heap"
                + " (`-Xmx`).")
        @Nullable
        Integer maxInFlightBytes,

        @Key(or = "true")
        @Text("Whether missing topics are created, at start-up and by the commands that need them, with the broker's"
                + " default replication, and the session topic is given more partitions when the start topic has been"
                + " given more.")
        boolean createTopics,

        @Key(or = "8", in = "1 to 1000")
        @Text("Partitions of topics that Serai creates; topics that exist are left as they are. The session topic"
                + " gets as many as the start topic has.")
        int partitions,

        @Key(or = "1h", in = "1m to 30d")
        @Text("How long the reply topic keeps room credentials, when Serai creates it.")
        Duration replyRetention) {
    /** The consumer group of an intake; no name of an intake has a dot. */
    public String groupIdOfIntake(String intake) {
        return groupId + ".intake." + intake;
    }
}
