package dev.serai.engine;

import java.time.Duration;

/** Nothing is bounded that the group would have to share: never waits. Stateless. */
public final class Unshared implements PartitionShare {
    @Override
    public void becomes(int partitions, int of) {}

    @Override
    public boolean awaitKept(Duration patience) {
        return true;
    }
}
