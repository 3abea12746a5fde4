package dev.serai.trial.prove;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What a run has in Kafka that nobody else has.
 *
 * @param prefix as it was asked for, within {@link #PREFIX}
 * @param run tells it from every other run
 */
public record TrialNames(String prefix, String run) {
    /** What Kafka takes in a topic's name, with room for what follows. */
    public static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9._-]{1,100}");

    public TrialNames {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException("a prefix has 1 to 100 letters, digits, dots, dashes and underlines");
        }
    }

    /** The consumer group, with which the transactional ids begin, and every topic. */
    public String group() {
        return prefix + "-" + run;
    }

    public String start() {
        return group() + ".start";
    }

    public String replies() {
        return group() + ".replies";
    }

    public String deadLetters() {
        return group() + ".dead-letters";
    }

    public String sessions() {
        return group() + ".sessions";
    }

    public List<String> topics() {
        return List.of(start(), replies(), deadLetters(), sessions());
    }
}
