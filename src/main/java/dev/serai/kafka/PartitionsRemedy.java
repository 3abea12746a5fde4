package dev.serai.kafka;

import java.util.OptionalInt;

/**
 * What an administrator can do about a session topic that has not as many partitions as the start topic.
 *
 * @param bootstrapServers for the commands
 */
record PartitionsRemedy(String bootstrapServers, ConversationTopics topics) {

    String text(int sessions, OptionalInt start) {
        String counts = topics.sessions() + " has " + sessions + ", " + topics.start();
        if (start.isEmpty()) {
            return counts + " is to be created with " + topics.partitions() + ". Set serai.kafka.partitions to "
                    + sessions + ", or create " + topics.start() + " with as many";
        }
        counts += " " + start.getAsInt() + ". ";
        return counts + (sessions < start.getAsInt() ? moreSessionPartitions(start.getAsInt()) : fewerOrMore(sessions));
    }

    private String moreSessionPartitions(int wanted) {
        return lines(
                "Nothing that is remembered is lost with:",
                "  " + SessionTopicGrowth.command(bootstrapServers, topics.sessions(), wanted));
    }

    private String fewerOrMore(int sessions) {
        return lines(
                "Partitions cannot be taken away. Either forget all conversations; the topic is then created anew at"
                        + " the next start:",
                "  kafka-topics.sh --bootstrap-server " + bootstrapServers + " --delete --topic " + topics.sessions(),
                "Or give " + topics.start() + " more. Most of its keys then go to another partition: their"
                        + " conversations begin anew, and events from before and after the change may run at once:",
                "  " + SessionTopicGrowth.command(bootstrapServers, topics.start(), sessions));
    }

    private static String lines(String... lines) {
        return String.join(System.lineSeparator(), lines);
    }
}
