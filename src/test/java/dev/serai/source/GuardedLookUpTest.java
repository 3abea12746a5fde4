package dev.serai.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.serai.source.SourceFailedException.Reason;
import dev.serai.testing.LogLines;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class GuardedLookUpTest {
    private static final Wanted WANTED = new Wanted("default", "harbour");
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final RecordedSources told = new RecordedSources();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile SourceLookUp<Wanted, String> source = wanted -> Optional.of("found");

    private GuardedLookUp<String> guard(int maxConcurrent, Duration timeout) {
        return guard("crm", maxConcurrent, timeout);
    }

    private GuardedLookUp<String> guard(String name, int maxConcurrent, Duration timeout) {
        LookUpRules rules =
                new LookUpRules(name, false, timeout, maxConcurrent, Duration.ZERO, Duration.ZERO, 1, PAUSE);
        return new GuardedLookUp<>(
                rules,
                Piece.SCENE,
                wanted -> {
                    asked.incrementAndGet();
                    return source.lookUp(wanted);
                },
                told);
    }

    private static Reason failure(GuardedLookUp<String> guard) {
        return catchThrowableOfType(SourceFailedException.class, () -> guard.lookUp(WANTED))
                .reason();
    }

    @Test
    void eachLookUp_isTold() throws Exception {
        GuardedLookUp<String> guard = guard(1, Duration.ofSeconds(5));

        assertThat(guard.lookUp(WANTED)).contains("found");
        source = wanted -> Optional.empty();
        assertThat(guard.lookUp(WANTED)).isEmpty();
        source = wanted -> {
            throw new SourceFailedException(Reason.ERROR, "500");
        };
        assertThat(failure(guard)).isEqualTo(Reason.ERROR);
        source = wanted -> {
            throw new IllegalStateException("a defect");
        };
        assertThatThrownBy(() -> guard.lookUp(WANTED)).isInstanceOf(IllegalStateException.class);

        assertThat(told.lookUps)
                .containsExactly("crm scene found", "crm scene unknown", "crm scene error", "crm scene failed");
    }

    @Test
    void sourceThatKeepsFailing_isLeftAlone_untilItWorksAgain() throws Exception {
        GuardedLookUp<String> guard = guard(1, Duration.ofSeconds(5));
        source = wanted -> {
            throw new SourceFailedException(Reason.ERROR, "500");
        };
        for (int i = 0; i < 10; i++) {
            assertThat(failure(guard)).isEqualTo(Reason.ERROR);
        }

        assertThat(failure(guard)).isEqualTo(Reason.RESTING);
        assertThat(guard.isResting()).isTrue();
        assertThat(asked).hasValue(10);
        source = wanted -> Optional.of("back");
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .ignoreException(SourceFailedException.class)
                .until(() -> guard.lookUp(WANTED).isPresent());
        guard.lookUp(WANTED);
        assertThat(guard.isResting()).isFalse();
    }

    /** A probe that ends in an error gives back what it took, and counts as a failure. */
    @Test
    void sourceThatIsAway_isSaidOnce_andThatItWorksAgain() throws Exception {
        String name = "crm-" + UUID.randomUUID();
        GuardedLookUp<String> guard = guard(name, 1, Duration.ofSeconds(5));
        source = wanted -> {
            throw new SourceFailedException(Reason.ERROR, "status 500");
        };
        try (LogLines log = new LogLines(GuardedLookUp.class)) {
            // Left alone three times: each time it is tried again it fails again.
            int before = 0;
            for (int times = 0; times < 3; times++) {
                int askedBefore = before;
                Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
                    failure(guard);
                    return guard.isResting() && asked.get() > askedBefore && failure(guard) == Reason.RESTING;
                });
                before = asked.get();
            }
            source = wanted -> Optional.of("found");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .ignoreExceptionsInstanceOf(SourceFailedException.class)
                    .until(() -> guard.lookUp(WANTED).isPresent() && !guard.isResting());

            assertThat(log.with(name))
                    .satisfiesExactly(
                            first ->
                                    assertThat(first).contains("WARN Looking up scene at source " + name, "status 500"),
                            second -> assertThat(second)
                                    .contains("WARN The source " + name, "it is left alone for 200 ms"),
                            third -> assertThat(third).contains("INFO The source " + name, "works again"));
        }
    }

    @Test
    void errors_areFailuresLikeOthers() throws Exception {
        GuardedLookUp<String> guard = guard(1, Duration.ofSeconds(5));
        source = wanted -> {
            throw new NoClassDefFoundError("a defect");
        };
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> guard.lookUp(WANTED)).isInstanceOf(NoClassDefFoundError.class);
        }

        assertThat(failure(guard)).isEqualTo(Reason.RESTING);
        assertThat(told.lookUps.getFirst()).isEqualTo("crm scene failed");
    }

    @Test
    void someFailures_areNoReasonToLeaveItAlone() throws Exception {
        GuardedLookUp<String> guard = guard(1, Duration.ofSeconds(5));
        for (int i = 0; i < 60; i++) {
            boolean fails = i % 3 == 2;
            source = wanted -> {
                if (fails) {
                    throw new SourceFailedException(Reason.ERROR, "500");
                }
                return Optional.of("found");
            };
            if (fails) {
                assertThat(failure(guard)).isEqualTo(Reason.ERROR);
            } else {
                assertThat(guard.lookUp(WANTED)).isPresent();
            }
        }
        assertThat(guard.isResting()).isFalse();
    }

    /** A source that has nothing usable for one reference has for others, and who asks for that one must not close it for them. */
    @ParameterizedTest
    @EnumSource(names = {"REFUSED", "UNUSABLE"})
    void answersThatAreNone_areNoReasonToLeaveItAlone(Reason reason) throws Exception {
        GuardedLookUp<String> guard = guard(1, Duration.ofSeconds(5));
        source = wanted -> {
            throw new SourceFailedException(reason, "as seen");
        };
        for (int i = 0; i < 40; i++) {
            assertThat(failure(guard)).isEqualTo(reason);
        }

        source = wanted -> Optional.of("found");
        assertThat(guard.lookUp(WANTED)).contains("found");
        assertThat(guard.isResting()).isFalse();
    }

    @Test
    void sourceThatIsTooSlow_isLeftAloneToo() throws Exception {
        GuardedLookUp<String> guard = guard(1, Duration.ofMillis(1));
        source = wanted -> {
            long until = System.nanoTime() + Duration.ofMillis(3).toNanos();
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            return Optional.of("late");
        };
        for (int i = 0; i < 10; i++) {
            guard.lookUp(WANTED);
        }

        assertThat(failure(guard)).isEqualTo(Reason.RESTING);
    }

    @Test
    void lookUpsBeyondTheBound_waitForTheirPlace_andNoLongerThanTheTimeOut() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch underWay = new CountDownLatch(2);
        source = wanted -> {
            underWay.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new SourceFailedException(Reason.FAILED, "interrupted", e);
            }
            return Optional.of("found");
        };
        GuardedLookUp<String> guard = guard(2, Duration.ofSeconds(1));
        List<CompletableFuture<Optional<String>>> both = List.of(begin(guard), begin(guard));
        underWay.await();

        assertThatThrownBy(() -> guard.lookUp(WANTED))
                .hasMessage("source crm: 2 look-ups were under way for 1000 ms;"
                        + " serai.sources.crm.max-concurrent bounds them")
                .isInstanceOfSatisfying(
                        SourceFailedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.OVERLOADED));
        assertThat(asked).hasValue(2);
        goOn.countDown();
        for (CompletableFuture<Optional<String>> one : both) {
            assertThat(one.get(30, TimeUnit.SECONDS)).isPresent();
        }
        assertThat(guard.lookUp(WANTED)).isPresent();
    }

    @Test
    void lookUpThatHangs_isInterrupted_andGivesItsPlaceBack() throws Exception {
        GuardedLookUp<String> guard = guard(1, Duration.ofMillis(10));
        source = wanted -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("as a route that was interrupted", e);
            }
            return Optional.of("never");
        };

        assertThatThrownBy(() -> guard.lookUp(WANTED))
                .hasMessage("source crm: the look-up had not ended after 2020 ms and was interrupted")
                .isInstanceOfSatisfying(
                        SourceFailedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TIMED_OUT));
        assertThat(Thread.currentThread().isInterrupted()).isFalse();

        source = wanted -> Optional.of("found");
        assertThat(guard.lookUp(WANTED)).contains("found");
    }

    private static CompletableFuture<Optional<String>> begin(GuardedLookUp<String> guard) {
        CompletableFuture<Optional<String>> end = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                end.complete(guard.lookUp(WANTED));
            } catch (SourceFailedException e) {
                end.completeExceptionally(e);
            }
        });
        return end;
    }
}
