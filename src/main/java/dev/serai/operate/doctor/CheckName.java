package dev.serai.operate.doctor;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The checks, in the order in which they are told; what each of them runs stands in {@link Doctor}. */
public enum CheckName {
    BROKER("Kafka answers, its versions, each broker under the address that it advertises", false, 17),
    TOPICS("topics are there, with partitions that fit", true, 9),
    RIGHTS("each right that this client needs", true, 9),
    PARTITIONS("each partition has a leader, and replicas enough in sync", true, 8),
    RETENTION("what topics keep and for how long; above all the reply topic, which holds credentials", true, 8),
    TRANSACTIONS("a transaction really begins, and is aborted", true, 8),
    HANGING("transactions of anybody that hold up the service's topics", true, 8),
    GROUPS("the service's consumer groups, and offsets that a transaction holds", true, 8),
    READERS("who reads the reply topics, and who of them reads what is not committed", true, 8),
    DEAD_LETTERS("dead letters of the last day", true, 9),
    CLOCK("this machine's clock against Kafka's and the provider's", true, 9),
    PROVIDER("the provider's host, the key and the characters of each tenant; opens no session", false, 16),
    HTTP("the port of health and metrics", false, 16),
    ROUTES("the routes can be made", false, 16),
    SOURCES("each source can be reached", false, 16),
    MAPPINGS("mappings of intakes, their tables and their tests", false, 16),
    POLL("max.poll.interval.ms against the longest time without a poll", false, 16),
    KEY_FILES("the keys that seal sessions, and who may read files with keys", false, 5);

    private final String text;
    private final boolean needsKafka;
    private final Duration limit;

    /** @param seconds those that need Kafka begin when it has answered: the longest of both kinds together stay below 30 */
    CheckName(String text, boolean needsKafka, int seconds) {
        this.text = text;
        this.needsKafka = needsKafka;
        limit = Duration.ofSeconds(seconds);
    }

    /** As it is typed and printed, such as {@code dead-letters}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What it looks at, as a part of a sentence. */
    public String text() {
        return text;
    }

    boolean needsKafka() {
        return needsKafka;
    }

    /** After which it is given up. */
    Duration limit() {
        return limit;
    }

    /** The one that is typed so, in whatever case; empty if there is none. */
    public static Optional<CheckName> of(String label) {
        String wanted = label.strip().toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(name -> name.label().equals(wanted))
                .findFirst();
    }

    public static List<String> labels() {
        return Arrays.stream(values()).map(CheckName::label).toList();
    }
}
