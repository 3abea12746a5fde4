package dev.serai.chaos;

import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** Something that happens to the service or to the systems around it. */
sealed interface Step {

    /** What a plan has so many of. */
    enum Kind {
        KILL,
        RESTART_BROKER,
        TROUBLE,
        JOIN,
        LEAVE,
        FREEZE,
        FREEZE_BROKER,
        /** The replica's connections are held up, reset or refused. */
        CUT,
        /** The replica's connections are forgotten ({@link Link.Cut#FORGOTTEN}), which takes long to overcome. */
        CUT_FOR_GOOD,
        TRUNCATE
    }

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

    /** A replica is stopped (SIGSTOP), and goes on after that time. */
    record Freeze(Duration time) implements Step {}

    /** The broker is stopped (SIGSTOP), and goes on after that time. */
    record FreezeBroker(Duration time) implements Step {}

    /** A replica has no way to the broker, while the others have theirs. */
    record Cut(Link.Cut how, Duration time) implements Step {}

    /**
     * The broker is killed, and comes back without the end of the start topic's log.
     *
     * @param records that are lost, by partition; a few more, as batches are lost whole
     */
    record Truncate(SortedMap<Integer, Integer> records) implements Step {}

    /** The plan's steps in an order that is drawn; a replica leaves only after those that join have begun to. */
    static List<Step> draw(ChaosPlan plan, Random random) {
        List<Step> steps = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (int i = 0; i < plan.count(kind); i++) {
                steps.add(draw(kind, plan, random));
            }
        }
        Collections.shuffle(steps, random);
        // The last of the places drawn for coming and going are those of the leaves.
        int left = plan.count(Kind.LEAVE);
        for (int i = steps.size() - 1; i >= 0; i--) {
            if (steps.get(i) instanceof Join || steps.get(i) instanceof Leave) {
                steps.set(i, left > 0 ? new Leave() : new Join());
                left--;
            }
        }
        return List.copyOf(steps);
    }

    private static Step draw(Kind kind, ChaosPlan plan, Random random) {
        return switch (kind) {
            case KILL -> new Kill();
            case RESTART_BROKER -> new RestartBroker(plan.count(Kind.KILL) > 0 && random.nextBoolean());
            case TROUBLE -> new Trouble(trouble(random));
            case JOIN -> new Join();
            case LEAVE -> new Leave();
            case FREEZE -> new Freeze(time(2, plan.longestInterruption(), random));
            case FREEZE_BROKER -> new FreezeBroker(time(1, Duration.ofSeconds(6), random));
            case CUT -> new Cut(cut(random), time(2, plan.longestInterruption(), random));
            case CUT_FOR_GOOD -> new Cut(Link.Cut.FORGOTTEN, time(2, plan.longestInterruption(), random));
            case TRUNCATE -> new Truncate(truncation(random));
        };
    }

    private static Duration time(int fromSeconds, Duration most, Random random) {
        return Duration.ofMillis(random.nextLong(fromSeconds * 1_000L, most.toMillis() + 1));
    }

    private static Link.Cut cut(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> Link.Cut.HELD_UP;
            case 1 -> Link.Cut.RESET;
            default -> Link.Cut.REFUSED;
        };
    }

    private static SortedMap<Integer, Integer> truncation(Random random) {
        List<Integer> partitions = new ArrayList<>();
        for (int partition = 0; partition < Cluster.PARTITIONS; partition++) {
            partitions.add(partition);
        }
        Collections.shuffle(partitions, random);
        SortedMap<Integer, Integer> records = new TreeMap<>();
        for (int partition : partitions.subList(0, 1 + random.nextInt(Cluster.PARTITIONS))) {
            records.put(partition, 1 + random.nextInt(60));
        }
        return records;
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
