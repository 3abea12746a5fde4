package dev.serai.security;

import dev.serai.testing.SecuredBroker.Right;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/** What a service can lose while it runs. Each has a user, topics and a group of its own. */
enum Loss {
    START_READ(Ready.DOWN, "start"),
    /** Met when the client refreshes what it knows of the topics. */
    START_DESCRIBE(Ready.DOWN, "start"),
    GROUP_READ(Ready.DOWN, "group"),
    /** Met when a partition is taken over: a second replica joins while the right is missing. */
    SESSION_READ(Ready.DOWN, "sessions"),
    SESSION_WRITE(Ready.ANY, "sessions"),
    /** Events are taken, and become dead letters. */
    REPLY_WRITE(Ready.ANY, "replies"),
    /** Some events fail, and their dead letters have to wait. */
    DEAD_LETTER_WRITE(Ready.DOWN, "dead-letters"),
    TRANSACTIONS_WRITE(Ready.DOWN, "group"),
    /** Needed to begin, not to go on. */
    TRANSACTIONS_DESCRIBE(Ready.UNTOUCHED, "group"),
    PASSWORD(Ready.DOWN, null),
    /** Where its tokens come from is away for longer than they last. */
    TOKENS(Ready.DOWN, null);

    /** What health is to say meanwhile. */
    enum Ready {
        /** Down, with what is missing. */
        DOWN,
        /** Up or down, for events are taken; the log names what is missing. */
        ANY,
        /** Up, and nothing is said. */
        UNTOUCHED
    }

    private final Ready ready;
    private final @Nullable String resource;

    Loss(Ready ready, @Nullable String resource) {
        this.ready = ready;
        this.resource = resource;
    }

    Ready ready() {
        return ready;
    }

    String user() {
        return "user-" + id();
    }

    String group() {
        return "group-" + id();
    }

    /** Also the prefix of its topics. */
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String topic(String kind) {
        return id() + "." + kind;
    }

    /** All that a service needs, and nothing else. */
    List<Right> needed() {
        return Stream.of(
                        Right.topic(topic("start"), AclOperation.READ),
                        Right.topic(topic("start"), AclOperation.DESCRIBE),
                        Right.topic(topic("sessions"), AclOperation.READ),
                        Right.topic(topic("sessions"), AclOperation.WRITE),
                        Right.topic(topic("sessions"), AclOperation.DESCRIBE),
                        Right.topic(topic("replies"), AclOperation.WRITE),
                        Right.topic(topic("replies"), AclOperation.DESCRIBE),
                        Right.topic(topic("dead-letters"), AclOperation.WRITE),
                        Right.topic(topic("dead-letters"), AclOperation.DESCRIBE),
                        Right.group(group(), AclOperation.READ),
                        Right.group(group(), AclOperation.DESCRIBE),
                        Right.transactions(group(), AclOperation.WRITE),
                        Right.transactions(group(), AclOperation.DESCRIBE))
                .toList();
    }

    /** The right that is lost; null for what the service logs in with. */
    @Nullable
    Right right() {
        return switch (this) {
            case START_READ -> Right.topic(topic("start"), AclOperation.READ);
            case START_DESCRIBE -> Right.topic(topic("start"), AclOperation.DESCRIBE);
            case GROUP_READ -> Right.group(group(), AclOperation.READ);
            case SESSION_READ -> Right.topic(topic("sessions"), AclOperation.READ);
            case SESSION_WRITE -> Right.topic(topic("sessions"), AclOperation.WRITE);
            case REPLY_WRITE -> Right.topic(topic("replies"), AclOperation.WRITE);
            case DEAD_LETTER_WRITE -> Right.topic(topic("dead-letters"), AclOperation.WRITE);
            case TRANSACTIONS_WRITE -> Right.transactions(group(), AclOperation.WRITE);
            case TRANSACTIONS_DESCRIBE -> Right.transactions(group(), AclOperation.DESCRIBE);
            case PASSWORD, TOKENS -> null;
        };
    }

    /**
     * How long: longer than a broker bears a client without new authentication, and than the client's first retries
     * take; a token has to expire.
     */
    Duration lostFor() {
        return Duration.ofSeconds(this == TOKENS ? 25 : 12);
    }

    boolean needsASecondReplica() {
        return this == SESSION_READ;
    }

    boolean needsFailingEvents() {
        return this == DEAD_LETTER_WRITE;
    }

    /** One of these words has to be in the text that says what is missing. */
    List<String> named() {
        return resource == null
                ? List.of("credentials", "password", "authenticat", "token")
                : List.of(resource.equals("group") ? group() : topic(resource));
    }
}
