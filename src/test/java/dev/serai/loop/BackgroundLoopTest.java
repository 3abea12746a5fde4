package dev.serai.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.testing.LogLines;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class BackgroundLoopTest {
    private static final Duration BRIEF = Duration.ofMillis(1);

    @Test
    @SuppressWarnings("try") // the loop runs as long as the block
    void stepThatThrows_runsAgain_andIsSaidOnce() {
        AtomicInteger turns = new AtomicInteger();
        try (LogLines lines = new LogLines(BackgroundLoop.class);
                BackgroundLoop loop = BackgroundLoop.start("failing-loop", BRIEF, () -> {
                    switch (turns.incrementAndGet()) {
                        case 1 -> throw new IllegalStateException("first");
                        case 2 -> throw new IllegalStateException("second");
                        case 3 -> throw new StackOverflowError("an error");
                        default -> {}
                    }
                })) {
            await().atMost(Duration.ofSeconds(20)).until(() -> turns.get() >= 5);

            assertThat(lines.with("WARN"))
                    .hasSize(2)
                    .allMatch(line -> line.contains("failing-loop failed and goes on in 1 ms"));
            assertThat(lines.with("INFO")).containsExactly("INFO failing-loop works again");
        }
    }

    @Test
    @SuppressWarnings("try") // the loop runs as long as the block
    void strayInterrupt_doesNotEndTheLoop() {
        AtomicInteger turns = new AtomicInteger();
        try (BackgroundLoop loop = BackgroundLoop.start("interrupted-loop", BRIEF, () -> {
            turns.incrementAndGet();
            Thread.currentThread().interrupt();
        })) {
            await().atMost(Duration.ofSeconds(20)).until(() -> turns.get() >= 5);
        }
    }

    @Test
    @SuppressWarnings("try") // the loop runs as long as the block
    void close_interruptsTheTurn_andNoOtherFollows() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        AtomicInteger turns = new AtomicInteger();
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        try (BackgroundLoop loop = BackgroundLoop.start("closed-loop", BRIEF, () -> {
            turns.incrementAndGet();
            thread.complete(Thread.currentThread());
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } finally {
                interrupted.countDown();
            }
        })) {
            begun.await();
        }

        interrupted.await();
        thread.join().join();
        assertThat(turns).hasValue(1);
    }
}
