package dev.serai.bench;

import java.net.URI;
import java.util.List;

/**
 * What a contender is to do: answer every event of one topic on another, with what the provider says.
 *
 * @param group its consumer group, which has committed nothing yet
 * @param provider the provider's base URL, without {@code /connect}
 * @param partitions of both topics
 * @param inFlight how many calls it may have in progress at once
 */
record ContenderTask(
        String bootstrapServers,
        String startTopic,
        String replyTopic,
        String group,
        URI provider,
        int partitions,
        int inFlight) {

    /** What {@link #of} reads back. */
    List<String> arguments() {
        return List.of(
                bootstrapServers,
                startTopic,
                replyTopic,
                group,
                provider.toString(),
                Integer.toString(partitions),
                Integer.toString(inFlight));
    }

    static ContenderTask of(String... arguments) {
        return new ContenderTask(
                arguments[0],
                arguments[1],
                arguments[2],
                arguments[3],
                URI.create(arguments[4]),
                Integer.parseInt(arguments[5]),
                Integer.parseInt(arguments[6]));
    }

    /** The provider's key: in the environment, where Serai takes it from too. */
    static String apiKey() {
        return System.getenv("CONVAI_API_KEY");
    }
}
