package dev.serai.lane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serai.testing.Tries;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class KeyedSchedulerTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final KeyedScheduler<Runnable> scheduler =
            new KeyedScheduler<>("test", 3_000, (task, failure) -> failures.add(failure));
    private final CountDownLatch gate = new CountDownLatch(1);

    private KeyedScheduler<Runnable> small(int capacity) {
        return new KeyedScheduler<>("small", capacity, (task, failure) -> failures.add(failure));
    }

    /** Tasks of one flow, without keys, which wait at the gate. */
    private void submitStuck(KeyedScheduler<Runnable> small, int tasks) {
        for (int task = 0; task < tasks; task++) {
            small.submit(null, new Standing("stuck", Instant.EPOCH), this::waitAtGate);
        }
    }

    @AfterEach
    void endLanes() throws InterruptedException {
        gate.countDown();
        scheduler.close(Duration.ZERO);
        assertThat(scheduler.awaitIdle(LIMIT)).isTrue();
        assertThat(scheduler.load()).isEqualTo(new LaneLoad(0, 0, 0));
    }

    @Test
    void tasksOfAKey_runInOrderAndOneAtATime() throws InterruptedException {
        long seed = System.nanoTime();
        int submitters = 4;
        int each = 25_000;
        int keys = 300;
        List<KeyLog> logs =
                IntStream.range(0, keys).mapToObj(key -> new KeyLog()).toList();
        List<Thread> threads = new ArrayList<>();
        for (int submitter = 0; submitter < submitters; submitter++) {
            // A key belongs to one submitter, so that there is an order to keep.
            int first = submitter;
            Random random = new Random(seed + submitter);
            threads.add(Thread.ofPlatform().start(() -> {
                int[] sent = new int[keys];
                for (int i = 0; i < each; i++) {
                    // A few keys get most of the work; the others come and go.
                    int spread = random.nextInt(10) == 0 ? keys / submitters : 2;
                    int key = first + submitters * random.nextInt(spread);
                    int number = sent[key]++;
                    boolean pauses = random.nextInt(20) == 0;
                    boolean fails = random.nextInt(100) == 0;
                    scheduler.submit("key " + key, () -> {
                        logs.get(key).ran(number, pauses);
                        if (fails) {
                            throw new IllegalStateException("expected");
                        }
                    });
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(scheduler.awaitIdle(LIMIT)).as("seed %d", seed).isTrue();
        assertThat(logs.stream().mapToInt(log -> log.next).sum())
                .as("tasks run, seed %d", seed)
                .isEqualTo(submitters * each);
        assertThat(logs.stream().flatMap(log -> log.problems.stream()))
                .as("seed %d", seed)
                .isEmpty();
        assertThat(failures).as("seed %d", seed).isNotEmpty();
        assertThat(scheduler.load().lanes()).as("lanes left, seed %d", seed).isZero();
    }

    @Test
    void taskThatMeetsAnEndingLane_isNotLost() throws InterruptedException {
        // Each round submits while the lane of the round before is about to find its queue empty.
        for (int round = 0; round < Tries.of(5_000); round++) {
            AtomicBoolean ran = new AtomicBoolean();
            scheduler.submit("key", () -> ran.set(true));
            while (!ran.get()) {
                Thread.onSpinWait();
                if (Thread.interrupted()) {
                    throw new InterruptedException("task of round " + round + " never ran");
                }
            }
        }
        assertThat(scheduler.awaitIdle(LIMIT)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tasks_runSideBySide_ofManyKeys_andOfNone(boolean keyed) throws InterruptedException {
        int tasks = 1_000;
        CountDownLatch all = new CountDownLatch(tasks);
        for (int task = 0; task < tasks; task++) {
            scheduler.submit(keyed ? task : null, () -> meet(all));
        }

        assertThat(scheduler.awaitIdle(LIMIT)).isTrue();
        assertThat(failures).isEmpty();
    }

    @Test
    void bytesAsKeys_areComparedByContent() {
        scheduler.submit("ada".getBytes(UTF_8), this::waitAtGate);
        scheduler.submit("ada".getBytes(UTF_8), this::waitAtGate);
        scheduler.submit("bob".getBytes(UTF_8), this::waitAtGate);

        await().atMost(LIMIT).until(() -> scheduler.load().running() == 2);
        assertThat(scheduler.load()).isEqualTo(new LaneLoad(1, 2, 2));
    }

    @Test
    void otherArraysAsKeys_areRefused() {
        assertThatThrownBy(() -> scheduler.submit(new int[] {1}, () -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("int[]");
        assertThat(scheduler.held()).isZero();
    }

    @Test
    void taskThatThrows_isReportedAndItsLaneGoesOn() throws InterruptedException {
        RuntimeException exception = new IllegalStateException("expected");
        Error error = new AssertionError("expected");
        AtomicBoolean ran = new AtomicBoolean();
        scheduler.submit("key", this::waitAtGate);
        scheduler.submit("key", () -> {
            throw exception;
        });
        scheduler.submit("key", () -> {
            throw error;
        });
        scheduler.submit("key", () -> ran.set(true));
        gate.countDown();

        assertThat(scheduler.awaitIdle(LIMIT)).isTrue();
        assertThat(failures).containsExactly(exception, error);
        assertThat(ran).isTrue();
    }

    @Test
    void taskThatThrows_leavesNothingOnTheThreadOfTheNext() throws InterruptedException {
        ThreadLocal<String> local = new ThreadLocal<>();
        AtomicReference<@Nullable String> found = new AtomicReference<>("nothing ran");
        scheduler.submit("key", this::waitAtGate);
        scheduler.submit("key", () -> {
            local.set("left over");
            throw new IllegalStateException("expected");
        });
        scheduler.submit("key", () -> found.set(local.get()));
        gate.countDown();

        assertThat(scheduler.awaitIdle(LIMIT)).isTrue();
        assertThat(found).hasValue(null);
    }

    @Test
    void failureHandlerThatThrows_doesNotEndTheLane() throws InterruptedException {
        KeyedScheduler<Runnable> fragile = new KeyedScheduler<>("fragile", 1, (task, failure) -> {
            throw new IllegalStateException("expected", failure);
        });
        AtomicBoolean ran = new AtomicBoolean();
        fragile.submit("key", this::waitAtGate);
        fragile.submit("key", () -> {
            throw new IllegalArgumentException("expected");
        });
        fragile.submit("key", () -> ran.set(true));
        gate.countDown();

        assertThat(fragile.awaitIdle(LIMIT)).isTrue();
        assertThat(ran).isTrue();
    }

    @Test
    void load_tellsWhatWaitsAndWhatRuns() {
        scheduler.submit("a", this::waitAtGate);
        scheduler.submit("a", this::waitAtGate);
        scheduler.submit("b", this::waitAtGate);

        await().atMost(LIMIT).until(() -> scheduler.load().running() == 2);
        assertThat(scheduler.load()).isEqualTo(new LaneLoad(1, 2, 2));
        assertThat(scheduler.held()).isEqualTo(3);
    }

    @Test
    void tasksBeyondTheCapacity_waitForAPlace() throws InterruptedException {
        KeyedScheduler<Runnable> small = small(2);
        for (int task = 0; task < 10; task++) {
            small.submit(null, this::waitAtGate);
        }
        assertThat(small.load()).isEqualTo(new LaneLoad(8, 2, 10));

        gate.countDown();

        assertThat(small.awaitIdle(LIMIT)).isTrue();
        assertThat(failures).isEmpty();
    }

    @Test
    void closeOutOfPatience_returnsWhatHadNoPlace() throws InterruptedException {
        KeyedScheduler<Runnable> small = small(1);
        small.submit("running", this::waitAtGate);
        Runnable never = () -> {};
        small.submit("waiting", never);

        assertThat(small.close(Duration.ZERO)).containsExactly(never);

        assertThat(small.awaitIdle(LIMIT)).isTrue();
        assertThat(small.load()).isEqualTo(new LaneLoad(0, 0, 0));
    }

    @Test
    void flowThatIsStuck_leavesPlacesForTheOthers() throws InterruptedException {
        KeyedScheduler<Runnable> small = small(100);
        submitStuck(small, 1_000);
        CountDownLatch others = new CountDownLatch(500);
        for (int task = 0; task < 500; task++) {
            small.submit(null, new Standing("other", Instant.MAX), others::countDown);
        }

        assertThat(others.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        await().atMost(LIMIT).until(() -> small.load().running() == 51);
        gate.countDown();
        assertThat(small.awaitIdle(LIMIT)).isTrue();
    }

    /** Or else partitions that come and go would leave more and more of them behind. */
    @Test
    void whatIsOver_doesNotWaitForItsFlow() throws InterruptedException {
        KeyedScheduler<Runnable> small = small(10);
        AtomicBoolean over = new AtomicBoolean();
        CountDownLatch ended = new CountDownLatch(1_000);
        submitStuck(small, 6);
        for (int task = 0; task < 1_000; task++) {
            small.submit(task % 100, new Standing("stuck", Instant.EPOCH, over::get), ended::countDown);
        }
        assertThat(small.load()).isEqualTo(new LaneLoad(1_000, 6, 106));

        over.set(true);

        await().atMost(LIMIT).until(() -> {
            small.submit(null, () -> {});
            return ended.getCount() == 0;
        });
        gate.countDown();
        assertThat(small.awaitIdle(LIMIT)).isTrue();
        assertThat(failures).isEmpty();
    }

    /** A caller has hung up: what waits for it ends at once, whoever has the places, and takes none from them. */
    @Test
    void whatComesToBeOver_hasItsTurnAtOnce_behindItsLanesFirstOnly() throws InterruptedException {
        KeyedScheduler<Runnable> small = small(4);
        AtomicBoolean over = new AtomicBoolean();
        CountDownLatch ended = new CountDownLatch(1_000);
        submitStuck(small, 3);
        AtomicBoolean behindTheFirst = new AtomicBoolean();
        CountDownLatch first = new CountDownLatch(1);
        small.submit("busy", new Standing("stuck too", Instant.EPOCH), () -> meet(first, false));
        small.submit("busy", new Standing("stuck", Instant.EPOCH, over::get), () -> behindTheFirst.set(true));
        for (int task = 0; task < 1_000; task++) {
            small.submit(task % 500, new Standing("stuck", Instant.EPOCH, over::get), ended::countDown);
        }
        assertThat(small.load().running()).isEqualTo(4);

        over.set(true);
        small.reconsider("busy");
        small.reconsider("nobody's");
        for (int key = 0; key < 500; key++) {
            small.reconsider(key);
        }

        assertThat(ended.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(behindTheFirst).isFalse();
        first.countDown();
        await().atMost(LIMIT).untilTrue(behindTheFirst);
        gate.countDown();
        assertThat(small.awaitIdle(LIMIT)).isTrue();
        assertThat(small.load()).isEqualTo(new LaneLoad(0, 0, 0));
        assertThat(failures).isEmpty();
    }

    /** Thousands that have hung up are not thousands of commits at once. */
    @Test
    void whatIsOver_runsOnAsManyPlacesAgain() throws InterruptedException {
        KeyedScheduler<Runnable> small = small(4);
        for (int task = 0; task < 100; task++) {
            small.submit(task, new Standing("gone", Instant.EPOCH, () -> true), this::waitAtGate);
        }
        small.submit("other", this::waitAtGate);

        await().atMost(LIMIT).until(() -> small.load().running() == 5);

        List<Runnable> neverRan = small.close(Duration.ZERO);
        assertThat(neverRan).hasSize(96);
        assertThat(small.awaitIdle(LIMIT)).isTrue();
    }

    @Test
    void keyIsAsUrgentAsItsMostUrgentTask() throws InterruptedException {
        KeyedScheduler<Runnable> one = new KeyedScheduler<>("one", 1, (task, failure) -> failures.add(failure));
        Queue<String> ran = new ConcurrentLinkedQueue<>();
        Instant soon = Instant.parse("2026-01-31T10:00:00Z");
        Instant later = soon.plusSeconds(10);
        Instant muchLater = soon.plusSeconds(100);
        one.submit("blocking", this::waitAtGate);
        one.submit("b", new Standing("all", later), () -> ran.add("b"));
        one.submit("a", new Standing("all", muchLater), () -> ran.add("a1"));
        one.submit("a", new Standing("all", soon), () -> ran.add("a2"));
        one.submit("c", new Standing("all", muchLater), () -> ran.add("c"));
        gate.countDown();

        assertThat(one.awaitIdle(LIMIT)).isTrue();
        assertThat(ran).containsExactly("a1", "a2", "b", "c");
    }

    /** Issue 17: order per key wins, so that what is behind in the foreground takes what is before it along. */
    @Test
    void keyIsOfTheForeground_ifAnyOfItsTasksIs() throws InterruptedException {
        KeyedScheduler<Runnable> four = new KeyedScheduler<>("four", 4, (task, failure) -> failures.add(failure));
        Queue<String> ran = new ConcurrentLinkedQueue<>();
        Instant soon = Instant.parse("2026-01-31T10:00:00Z");
        Standing batch = new Standing("batch", Standing.Rank.BACKGROUND, soon, () -> false);
        for (int task = 0; task < 20; task++) {
            four.submit(null, batch, this::waitAtGate);
        }
        assertThat(four.load().running()).isEqualTo(2);
        CountDownLatch last = new CountDownLatch(1);
        four.submit("a", batch, () -> ran.add("a1"));
        four.submit("b", batch, () -> ran.add("b"));
        four.submit("a", new Standing("caller", soon.plusSeconds(10)), () -> {
            ran.add("a2");
            last.countDown();
        });

        assertThat(last.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(ran).containsExactly("a1", "a2");
        gate.countDown();
        assertThat(four.awaitIdle(LIMIT)).isTrue();
        assertThat(ran).containsExactly("a1", "a2", "b");
    }

    @Test
    void capacityBelowOne_isRefused() {
        assertThatThrownBy(() -> new KeyedScheduler<Runnable>("lanes", 0, (task, failure) -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("capacity of lanes must be at least 1, was 0");
    }

    @Test
    void taskThatInterruptsItself_doesNotInterruptTheNext() throws InterruptedException {
        AtomicReference<@Nullable Boolean> interrupted = new AtomicReference<>();
        scheduler.submit("key", this::waitAtGate);
        scheduler.submit("key", () -> Thread.currentThread().interrupt());
        scheduler.submit("key", () -> interrupted.set(Thread.currentThread().isInterrupted()));
        gate.countDown();

        assertThat(scheduler.awaitIdle(LIMIT)).isTrue();
        assertThat(interrupted).hasValue(false);
    }

    @Test
    void threadLocals_areNotTakenFromTheSubmitter() throws InterruptedException {
        InheritableThreadLocal<String> local = new InheritableThreadLocal<>();
        local.set("the submitter's");
        AtomicReference<@Nullable String> seen = new AtomicReference<>("nothing ran");
        scheduler.submit(null, () -> seen.set(local.get()));

        assertThat(scheduler.awaitIdle(LIMIT)).isTrue();
        assertThat(seen).hasValue(null);
    }

    @Test
    void taskThatSubmitsForItsOwnKey_isFollowedByIt() throws InterruptedException {
        Queue<String> ran = new ConcurrentLinkedQueue<>();
        scheduler.submit("key", () -> {
            scheduler.submit("key", () -> ran.add("second"));
            ran.add("first");
        });

        assertThat(scheduler.awaitIdle(LIMIT)).isTrue();
        assertThat(ran).containsExactly("first", "second");
    }

    @Test
    void awaitIdle_isFalseWhenPatienceEnds() throws InterruptedException {
        scheduler.submit("key", this::waitAtGate);

        assertThat(scheduler.awaitIdle(Duration.ofMillis(1))).isFalse();
    }

    @Test
    void close_waitsForWhatIsHeld() {
        AtomicInteger ran = new AtomicInteger();
        scheduler.submit("key", this::waitAtGate);
        for (int task = 0; task < 100; task++) {
            scheduler.submit("key", ran::incrementAndGet);
        }
        Thread.startVirtualThread(() -> {
            await().atMost(LIMIT).until(this::refuses);
            gate.countDown();
        });

        assertThat(scheduler.close(LIMIT)).isEmpty();
        assertThat(ran).hasValue(100);
        assertThat(failures).isEmpty();
    }

    @Test
    void closeOutOfPatience_interruptsWhatRunsAndReturnsTheRest() throws InterruptedException {
        AtomicBoolean ran = new AtomicBoolean();
        List<Runnable> waiting = IntStream.range(0, 5)
                .mapToObj(number -> (Runnable) () -> ran.set(true))
                .toList();
        scheduler.submit("key", this::waitAtGate);
        waiting.forEach(task -> scheduler.submit("key", task));
        await().atMost(LIMIT).until(() -> scheduler.load().running() == 1);

        assertThat(scheduler.close(Duration.ofMillis(1))).containsExactlyElementsOf(waiting);

        assertThat(scheduler.awaitIdle(LIMIT)).isTrue();
        assertThat(failures).singleElement().satisfies(failure -> assertThat(failure)
                .hasRootCauseInstanceOf(InterruptedException.class));
        assertThat(ran).isFalse();
        assertThat(scheduler.close(Duration.ZERO)).isEmpty();
    }

    @Test
    void secondClose_doesNotInterruptAgain() throws InterruptedException {
        CountDownLatch unwinding = new CountDownLatch(1);
        scheduler.submit("key", () -> {
            try {
                gate.await();
            } catch (InterruptedException e) {
                unwinding.countDown();
                meet(gate, false);
            }
        });
        await().atMost(LIMIT).until(() -> scheduler.load().running() == 1);

        scheduler.close(Duration.ZERO);
        unwinding.await();
        scheduler.close(Duration.ZERO);
        gate.countDown();

        assertThat(scheduler.awaitIdle(LIMIT)).isTrue();
        assertThat(failures).isEmpty();
    }

    @Test
    void closeOutOfPatienceAfterAFailure_interruptsTheFreshThread() throws InterruptedException {
        scheduler.submit("key", () -> {
            throw new IllegalStateException("expected");
        });
        scheduler.submit("key", this::waitAtGate);
        await().atMost(LIMIT).until(() -> scheduler.load().queued() == 0 && !failures.isEmpty());

        scheduler.close(Duration.ZERO);

        assertThat(scheduler.awaitIdle(LIMIT)).isTrue();
        assertThat(failures).hasSize(2);
    }

    @Test
    void closedScheduler_refusesTasks() {
        scheduler.close(Duration.ZERO);

        assertThatThrownBy(() -> scheduler.submit("key", () -> {}))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("test is closed");
    }

    @Test
    void interruptedCloser_hasNoMorePatienceAndStaysInterrupted() {
        scheduler.submit("key", this::waitAtGate);
        scheduler.submit("key", this::waitAtGate);
        await().atMost(LIMIT).until(() -> scheduler.load().running() == 1);
        Thread.currentThread().interrupt();

        List<Runnable> neverRan = scheduler.close(LIMIT);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(neverRan).hasSize(1);
    }

    @Test
    void closeAmongSubmissions_letsEachTaskRunOrReturnsItOrRefusesIt() throws InterruptedException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            String description = "seed %d, round %d".formatted(seed, round);
            KeyedScheduler<Marked> closing = new KeyedScheduler<>("closing", 1, (task, failure) -> {});
            List<Marked> tasks =
                    IntStream.range(0, 300).mapToObj(number -> new Marked()).toList();
            int keys = 1 + random.nextInt(20);
            int closeAfter = random.nextInt(tasks.size());
            CountDownLatch half = new CountDownLatch(1);
            AtomicInteger accepted = new AtomicInteger();
            Thread submitter = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < tasks.size(); i++) {
                    if (i == closeAfter) {
                        half.countDown();
                    }
                    try {
                        closing.submit(i % keys, tasks.get(i));
                        accepted.incrementAndGet();
                    } catch (RejectedExecutionException e) {
                        return;
                    }
                }
            });
            half.await();
            List<Marked> neverRan = closing.close(Duration.ZERO);
            submitter.join();
            assertThat(closing.awaitIdle(LIMIT)).as(description).isTrue();

            assertThat(neverRan).as(description).doesNotHaveDuplicates().allMatch(task -> task.runs.get() == 0);
            int ran = tasks.stream().mapToInt(task -> task.runs.get()).sum();
            assertThat(ran + neverRan.size()).as(description).isEqualTo(accepted.get());
            assertThat(tasks).as(description).allMatch(task -> task.runs.get() <= 1);
        }
    }

    private boolean refuses() {
        try {
            scheduler.submit("probe", () -> {});
            return false;
        } catch (RejectedExecutionException e) {
            return true;
        }
    }

    private void waitAtGate() {
        meet(gate, false);
    }

    private static void meet(CountDownLatch all) {
        meet(all, true);
    }

    private static void meet(CountDownLatch latch, boolean arrives) {
        if (arrives) {
            latch.countDown();
        }
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Plain fields on purpose: what one task writes, the next of its key has to see. */
    private static final class KeyLog {
        final List<String> problems = new ArrayList<>();
        int next;
        boolean inside;

        void ran(int number, boolean pauses) {
            if (inside) {
                problems.add("task " + number + " beside another");
            }
            inside = true;
            if (number != next) {
                problems.add("task " + number + " where " + next + " was due");
            }
            if (pauses) {
                // Lets another lane have the carrier thread.
                LockSupport.parkNanos(1);
            }
            next++;
            inside = false;
        }
    }

    private static final class Marked implements Runnable {
        final AtomicInteger runs = new AtomicInteger();

        @Override
        public void run() {
            runs.incrementAndGet();
        }
    }
}
