package dev.serai.bench;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The ways to do the work that are compared. */
enum Contender {
    BARE("bare", BareLoop.class, true),
    PARALLEL_CONSUMER("parallel-consumer", ParallelConsumerLoop.class, true),
    PLAIN_CAMEL("plain-camel", PlainCamelRoute.class, false),
    SERAI("serai", dev.serai.Serai.class, true),
    /** Serai, with a scene and dynamic information for each event, known from memory after the warm-up. */
    SERAI_ENRICHED("serai-enriched", dev.serai.Serai.class, true);

    /** Events of a conversation wait for one another: more must be in flight than are called for. */
    private static final int MAX_IN_FLIGHT_PER_CALL = 4;

    private final String label;
    private final Class<?> mainClass;
    private final boolean concurrent;

    /**
     * @param concurrent whether it makes as many calls at once as it is allowed; else one for each partition
     */
    Contender(String label, Class<?> mainClass, boolean concurrent) {
        this.label = label;
        this.mainClass = mainClass;
        this.concurrent = concurrent;
    }

    @JsonValue
    String label() {
        return label;
    }

    Class<?> mainClass() {
        return mainClass;
    }

    boolean concurrent() {
        return concurrent;
    }

    boolean isSerai() {
        return this == SERAI || this == SERAI_ENRICHED;
    }

    /** @param sources what the sources of {@link #SERAI_ENRICHED} hold */
    List<String> arguments(ContenderTask task, SourceFiles sources) {
        return switch (this) {
            case SERAI -> seraiArguments(settings(task));
            case SERAI_ENRICHED -> seraiArguments(Stream.concat(settings(task), sources.settings()));
            case BARE, PARALLEL_CONSUMER, PLAIN_CAMEL -> task.arguments();
        };
    }

    /** Everything that the run depends on is named here: a settings file of the user's is not read. */
    private static List<String> seraiArguments(Stream<String> settings) {
        return Stream.concat(
                        Stream.of("run", "--config", "/dev/null"),
                        settings.flatMap(setting -> Stream.of("--set", setting)))
                .toList();
    }

    private static Stream<String> settings(ContenderTask task) {
        return Stream.of(
                "serai.kafka.bootstrap-servers=" + task.bootstrapServers(),
                "serai.kafka.start-topic=" + task.startTopic(),
                "serai.kafka.reply-topic=" + task.replyTopic(),
                "serai.kafka.dead-letter-topic=" + task.startTopic() + ".dead-letters",
                "serai.kafka.session-topic=" + task.startTopic() + ".sessions",
                "serai.kafka.group-id=" + task.group(),
                "serai.kafka.partitions=" + task.partitions(),
                "serai.kafka.max-in-flight=" + MAX_IN_FLIGHT_PER_CALL * task.inFlight(),
                "serai.connect.max-concurrent=" + task.inFlight(),
                "serai.connect.base-url=" + task.provider(),
                "serai.conversation.ttl=1h",
                "serai.http.port=0");
    }

    /**
     * The contender of that label.
     *
     * @throws IllegalArgumentException if there is none; the message names them all
     */
    static Contender of(String label) {
        return Arrays.stream(values())
                .filter(contender -> contender.label.equals(label))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("--contenders must be of " + labels() + ", was " + label));
    }

    static String labels() {
        return Arrays.stream(values()).map(Contender::label).collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return label;
    }
}
