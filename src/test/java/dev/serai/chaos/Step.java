package dev.serai.chaos;

import dev.serai.standin.Fault;
import dev.serai.standin.FaultScript;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Something that happens to the service or to the systems around it. */
sealed interface Step {

    /** SIGKILL, and the same replica again. */
    record Kill() implements Step {}

    /** One replica more. */
    record Join() implements Step {}

    /** One replica less, after SIGTERM. */
    record Leave() implements Step {}

    /**
     * The broker stops and comes back on the same port with the same data.
     *
     * @param killMeanwhile whether a replica is killed, and started again, while there is no broker
     */
    record RestartBroker(boolean killMeanwhile) implements Step {}

    /** The next calls of the provider go wrong. */
    record Trouble(FaultScript script) implements Step {}

    /** The plan's steps in an order that is drawn; a replica leaves only after those that join have begun to. */
    static List<Step> draw(ChaosPlan plan, Random random) {
        List<Step> steps = new ArrayList<>();
        add(steps, plan.kills(), Kill::new);
        add(steps, plan.brokerRestarts(), () -> new RestartBroker(plan.kills() > 0 && random.nextBoolean()));
        add(steps, plan.troubles(), () -> new Trouble(trouble(random)));
        add(steps, plan.joins() + plan.leaves(), Join::new);
        Collections.shuffle(steps, random);
        // The last of the places drawn for coming and going are those of the leaves.
        int left = plan.leaves();
        for (int i = steps.size() - 1; left > 0; i--) {
            if (steps.get(i) instanceof Join) {
                steps.set(i, new Leave());
                left--;
            }
        }
        return List.copyOf(steps);
    }

    private static void add(List<Step> steps, int count, Supplier<Step> step) {
        Stream.generate(step).limit(count).forEach(steps::add);
    }

    /** Bounded by calls, not by time: it ends by itself, and again calls are what ends it when the service is slow. */
    private static FaultScript trouble(Random random) {
        int calls = 5 + random.nextInt(30);
        return switch (random.nextInt(7)) {
            case 0 -> FaultScript.times(calls, Fault.status(503, "no capacity"));
            case 1 -> FaultScript.times(calls, new Fault.Status(429, "slow down", null, "1"));
            case 2 -> FaultScript.times(calls, Fault.status(500, "broken"));
            case 3 -> FaultScript.times(calls, Fault.resetBefore());
            case 4 -> FaultScript.times(calls, Fault.resetAfter());
            case 5 -> FaultScript.times(calls, Fault.delay(Duration.ofMillis(200), Duration.ofSeconds(1)));
            default -> FaultScript.times(1 + calls / 5, Fault.hang());
        };
    }
}
