package dev.serai.trial.prove;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** What is done to a replica while it works. */
sealed interface Trouble {
    /** SIGKILL, and another process in its place. */
    record Kill() implements Trouble {}

    /** SIGSTOP, and SIGCONT after that time. */
    record Freeze(Duration time) implements Trouble {}

    /** Shorter and longer than the 10 s for which a group waits for its members. */
    Duration SHORTEST_FREEZE = Duration.ofSeconds(3);

    Duration LONGEST_FREEZE = Duration.ofSeconds(14);

    /** The plan's, in an order of chance. */
    static List<Trouble> draw(TrialPlan plan, Random random) {
        List<Trouble> troubles = new ArrayList<>();
        for (int i = 0; i < plan.kills(); i++) {
            troubles.add(new Kill());
        }
        for (int i = 0; i < plan.freezes(); i++) {
            troubles.add(new Freeze(
                    Duration.ofMillis(random.nextLong(SHORTEST_FREEZE.toMillis(), LONGEST_FREEZE.toMillis() + 1))));
        }
        Collections.shuffle(troubles, random);
        return troubles;
    }
}
