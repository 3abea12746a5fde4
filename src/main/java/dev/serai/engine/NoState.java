package dev.serai.engine;

import java.util.Set;
import java.util.function.IntConsumer;

/** Nothing is remembered of partitions: they are ready at once. Stateless. */
public final class NoState implements PartitionState {
    @Override
    public void restore(Set<Integer> partitions, IntConsumer ready) {
        partitions.forEach(ready::accept);
    }

    @Override
    public void drop(Set<Integer> partitions) {}
}
