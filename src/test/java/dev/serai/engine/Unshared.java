package dev.serai.engine;

import java.time.Duration;

/** Of a replica that shares its numbers with nobody: never waits. */
final class Unshared implements PartitionShare {
    @Override
    public void becomes(int partitions, int of) {}

    @Override
    public boolean awaitKept(Duration patience) {
        return true;
    }
}
