package dev.serai.cli;

import dev.serai.settings.SeraiSettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a first event is sent and its reply read, with the tools that Kafka brings (4.2 and newer), to be copied from the log
 * into a shell. {@code src/docs/events.md} says more.
 */
final class HowToPublish {
    private HowToPublish() {}

    /** @param bootstrapServers where Kafka is, whoever named it */
    static String line(SeraiSettings settings, String bootstrapServers) {
        String kafka = " --bootstrap-server " + quoted(bootstrapServers)
                + config(settings.kafka().clientPropertiesFile());
        return "Send an event and read its reply: printf 'learner-1\\t{\"character_id\":\"" + character(settings)
                + "\"}\\n' | kafka-console-producer.sh" + kafka + " --topic "
                + settings.kafka().startTopic() + " --reader-property parse.key=true && kafka-console-consumer.sh"
                + kafka
                + " --topic " + settings.kafka().replyTopic() + " --isolation-level read_committed --from-beginning";
    }

    /** The same with Serai itself, for a shell with the service's environment. */
    static String command(SeraiSettings settings) {
        return "Or in one, with this service's environment and settings: ./serai send --key learner-1 --character-id "
                + character(settings);
    }

    /** The stand-in knows whatever it is asked for. */
    private static String character(SeraiSettings settings) {
        return settings.usesStandIn() ? "museum-guide" : "YOUR-CHARACTER-ID";
    }

    private static String config(@Nullable Path clientProperties) {
        return clientProperties == null ? "" : " --command-config " + quoted(clientProperties.toString());
    }

    /** As a shell takes it for one word. */
    static String quoted(String word) {
        return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
