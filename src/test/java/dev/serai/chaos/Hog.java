package dev.serai.chaos;

/** Burns one core, so that everything else gets less of it, as long as it is open. */
final class Hog implements AutoCloseable {
    private volatile boolean closed;

    Hog() {
        Thread.ofPlatform().daemon().name("hog").start(() -> {
            while (!closed) {
                Thread.onSpinWait();
            }
        });
    }

    @Override
    public void close() {
        closed = true;
    }
}
