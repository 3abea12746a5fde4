package dev.serai.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.source.SourceFailedException.Reason;
import dev.serai.wire.Provenance.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SourceCacheTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration CACHE = Duration.ofMinutes(1);
    private static final Duration STALE = Duration.ofMinutes(5);
    private static final Duration NONE = Duration.ZERO;

    /** Below zero, as {@link System#nanoTime} may be. */
    private final AtomicLong nanos = new AtomicLong(-TimeUnit.SECONDS.toNanos(30));

    private final AtomicInteger lookUps = new AtomicInteger();
    private volatile SourceLookUp<String, String> source = key -> Optional.of(key + "'s");
    private SourceCache<String, String> cache = cache(CACHE, STALE);

    private SourceCache<String, String> cache(Duration cacheTtl, Duration staleTtl, int maxEntries) {
        return new SourceCache<>(
                "scene",
                cacheTtl,
                staleTtl,
                maxEntries,
                key -> {
                    lookUps.incrementAndGet();
                    return source.lookUp(key);
                },
                nanos::get);
    }

    /** There may be no memory for a thread. */
    @Test
    void lookUpThatCannotBegin_failsForAll_andTheNextOneBegins() throws Exception {
        AtomicInteger refusals = new AtomicInteger(2);
        cache = new SourceCache<>("scene", NONE, STALE, 100, source, nanos::get, task -> {
            if (refusals.getAndDecrement() > 0) {
                throw new RejectedExecutionException("no more threads");
            }
            return Thread.ofVirtual().unstarted(task);
        });

        for (int i = 0; i < 2; i++) {
            SourceCache.Pending<String> pending = cache.ask("harbour");
            assertThatThrownBy(() -> pending.await(LONG)).isInstanceOf(SourceFailedException.class);
            assertThat(cache.lookingUp()).isZero();
        }

        assertThat(ask("harbour").value()).contains("harbour's");
    }

    private SourceCache<String, String> cache(Duration cacheTtl, Duration staleTtl) {
        return cache(cacheTtl, staleTtl, 100);
    }

    private Sourced<String> ask(String key) throws SourceFailedException, InterruptedException {
        return cache.ask(key).await(LONG);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private void sourceFails() {
        source = key -> {
            throw new SourceFailedException(Reason.ERROR, "source scene answered 503");
        };
    }

    private CountDownLatch sourceHangs() {
        return sourceHangs(new CountDownLatch(1));
    }

    private CountDownLatch sourceHangs(CountDownLatch asked) {
        CountDownLatch answers = new CountDownLatch(1);
        SourceLookUp<String, String> before = source;
        source = key -> {
            asked.countDown();
            try {
                answers.await();
            } catch (InterruptedException e) {
                throw new SourceFailedException(Reason.FAILED, "the look-up was interrupted", e);
            }
            return before.lookUp(key);
        };
        return answers;
    }

    private static Sourced<String> sourced(String value, Duration age, Status status) {
        return new Sourced<>(Optional.of(value), age, status);
    }

    /** One event that wants something. */
    private record Caller(Thread thread, CompletableFuture<Sourced<String>> result) {
        static Caller of(SourceCache<String, String> cache, String key, Duration patience) {
            CompletableFuture<Sourced<String>> result = new CompletableFuture<>();
            Thread thread = Thread.ofVirtual().start(() -> {
                try {
                    result.complete(cache.ask(key).await(patience));
                } catch (SourceFailedException | InterruptedException e) {
                    result.completeExceptionally(e);
                }
            });
            return new Caller(thread, result);
        }

        void awaitWaiting() {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        }

        Throwable failure() throws InterruptedException {
            thread.join();
            return result.exceptionNow();
        }
    }

    /** So many who ask for the lobby, and wait. */
    private List<Caller> waiting(int number) {
        List<Caller> callers = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            callers.add(Caller.of(cache, "lobby", LONG));
        }
        callers.forEach(Caller::awaitWaiting);
        return callers;
    }

    @Test
    void answer_isFreshAndThenCached() throws Exception {
        assertThat(ask("lobby")).isEqualTo(sourced("lobby's", NONE, Status.FRESH));
        pass(CACHE.minusNanos(1));

        assertThat(ask("lobby")).isEqualTo(sourced("lobby's", CACHE.minusNanos(1), Status.CACHED));
        assertThat(lookUps).hasValue(1);
    }

    @Test
    void answerOfTheCacheTtl_isLookedUpAgain() throws Exception {
        ask("lobby");
        source = key -> Optional.of("new");
        pass(CACHE);

        assertThat(ask("lobby")).isEqualTo(sourced("new", NONE, Status.FRESH));
        pass(CACHE.minusNanos(1));

        assertThat(ask("lobby").status()).isEqualTo(Status.CACHED);
        assertThat(lookUps).hasValue(2);
    }

    @Test
    void sourceThatFails_isBridgedForTheStaleTtl() throws Exception {
        ask("lobby");
        sourceFails();
        pass(CACHE);

        assertThat(ask("lobby")).isEqualTo(sourced("lobby's", CACHE, Status.STALE));
        Duration last = STALE.minusNanos(1);
        pass(last);
        assertThat(ask("lobby")).isEqualTo(sourced("lobby's", CACHE.plus(last), Status.STALE));
        pass(Duration.ofNanos(1));

        assertThatThrownBy(() -> ask("lobby"))
                .isInstanceOf(SourceFailedException.class)
                .hasMessage("source scene answered 503");
        assertThat(lookUps).hasValue(4);
    }

    @Test
    void sourceThatRecovers_isFresh() throws Exception {
        ask("lobby");
        sourceFails();
        pass(CACHE);
        ask("lobby");
        source = key -> Optional.of("new");

        assertThat(ask("lobby")).isEqualTo(sourced("new", NONE, Status.FRESH));
    }

    @Test
    void failure_isNotRemembered() throws Exception {
        sourceFails();
        for (int i = 1; i <= 200; i++) {
            assertThatThrownBy(() -> ask("lobby")).isInstanceOf(SourceFailedException.class);
            assertThat(lookUps).hasValue(i);
        }
        source = key -> Optional.of("new");

        assertThat(ask("lobby").status()).isEqualTo(Status.FRESH);
    }

    @Test
    void failureOfAnotherKind_isNamedButNotQuoted() {
        source = key -> {
            throw new IllegalStateException("PRIVATE");
        };

        assertThatThrownBy(() -> ask("lobby"))
                .isInstanceOf(SourceFailedException.class)
                .hasMessage("source scene failed: java.lang.IllegalStateException")
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @CsvSource({"3, 3", "10, 10", "60, 10"})
    void unknownKey_isRememberedForAShortTime(int cacheSeconds, int rememberedSeconds) throws Exception {
        cache = cache(Duration.ofSeconds(cacheSeconds), STALE);
        source = key -> Optional.empty();
        Duration last = Duration.ofSeconds(rememberedSeconds).minusNanos(1);

        assertThat(ask("attic")).isEqualTo(new Sourced<>(Optional.empty(), NONE, Status.FRESH));
        pass(last);
        assertThat(ask("attic")).isEqualTo(new Sourced<>(Optional.empty(), last, Status.CACHED));
        assertThat(lookUps).hasValue(1);
        pass(Duration.ofNanos(1));

        assertThat(ask("attic").status()).isEqualTo(Status.FRESH);
        assertThat(lookUps).hasValue(2);
    }

    @Test
    void unknownKey_isNeverStale() throws Exception {
        source = key -> Optional.empty();
        ask("attic");
        sourceFails();
        pass(SourceCache.LONGEST_UNKNOWN);

        assertThatThrownBy(() -> ask("attic")).isInstanceOf(SourceFailedException.class);
    }

    @ParameterizedTest
    @CsvSource({"0", "60"})
    void keyThatIsUnknownNow_bringsNothingBack(int cacheSeconds) throws Exception {
        cache = cache(Duration.ofSeconds(cacheSeconds), STALE);
        ask("lobby");
        source = key -> Optional.empty();
        pass(CACHE);

        assertThat(ask("lobby").value()).isEmpty();
        sourceFails();
        pass(SourceCache.LONGEST_UNKNOWN);

        assertThatThrownBy(() -> ask("lobby")).isInstanceOf(SourceFailedException.class);
    }

    @Test
    void noCacheTtl_asksEachTimeAndStillBridges() throws Exception {
        cache = cache(NONE, STALE);

        assertThat(ask("lobby").status()).isEqualTo(Status.FRESH);
        assertThat(ask("lobby").status()).isEqualTo(Status.FRESH);
        assertThat(lookUps).hasValue(2);
        sourceFails();

        assertThat(ask("lobby")).isEqualTo(sourced("lobby's", NONE, Status.STALE));
        pass(STALE);
        assertThatThrownBy(() -> ask("lobby")).isInstanceOf(SourceFailedException.class);
    }

    @Test
    void noTtls_rememberNothing() throws Exception {
        cache = cache(NONE, NONE);

        ask("lobby");
        sourceFails();

        assertThatThrownBy(() -> ask("lobby")).isInstanceOf(SourceFailedException.class);
    }

    @Test
    void thoseWhoAskAtOnce_shareOneLookUp() throws Exception {
        cache = cache(NONE, NONE);
        CountDownLatch answers = sourceHangs();
        List<Caller> callers = waiting(500);

        answers.countDown();

        for (Caller caller : callers) {
            assertThat(caller.result().get()).isEqualTo(sourced("lobby's", NONE, Status.FRESH));
        }
        assertThat(lookUps).hasValue(1);
        assertThat(cache.lookingUp()).isZero();
    }

    @Test
    void thoseWhoAskAtOnce_shareOneFailure() throws Exception {
        sourceFails();
        CountDownLatch answers = sourceHangs();
        List<Caller> callers = waiting(500);

        answers.countDown();

        List<Throwable> failures = new ArrayList<>();
        for (Caller caller : callers) {
            failures.add(caller.failure());
        }
        assertThat(failures).doesNotHaveDuplicates().allSatisfy(failure -> assertThat(failure)
                .isInstanceOf(SourceFailedException.class)
                .hasMessage("source scene answered 503"));
        assertThat(failures.stream().map(Throwable::getCause).distinct()).hasSize(1);
        assertThat(lookUps).hasValue(1);
        assertThat(cache.lookingUp()).isZero();
    }

    @Test
    void thoseWhoAskAtOnce_areBridgedTogether() throws Exception {
        ask("lobby");
        pass(CACHE);
        sourceFails();
        CountDownLatch answers = sourceHangs();
        List<Caller> callers = waiting(50);

        answers.countDown();

        for (Caller caller : callers) {
            assertThat(caller.result().get()).isEqualTo(sourced("lobby's", CACHE, Status.STALE));
        }
        assertThat(lookUps).hasValue(2);
    }

    /** Threads come before, while and after a key's look-up ends: not one of them may begin another. */
    @Test
    void keys_areLookedUpOnceEach_howeverThreadsRun() throws Exception {
        for (int round = 0; round < 20; round++) {
            cache = cache(CACHE, STALE);
            Map<String, AtomicInteger> perKey = new ConcurrentHashMap<>();
            source = key -> {
                perKey.computeIfAbsent(key, same -> new AtomicInteger()).incrementAndGet();
                return Optional.of(key);
            };
            List<Caller> callers = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                callers.add(Caller.of(cache, "key-" + i / 40, LONG));
            }

            for (Caller caller : callers) {
                caller.result().get();
            }

            assertThat(perKey).hasSize(50);
            assertThat(perKey.values()).allSatisfy(number -> assertThat(number).hasValue(1));
        }
    }

    @Test
    void keyThatHangs_holdsNoOther() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answers = sourceHangs(asked);
        Caller hanging = Caller.of(cache, "lobby", LONG);
        asked.await();
        source = key -> Optional.of("at once");

        assertThat(ask("attic").value()).hasValue("at once");
        assertThat(cache.lookingUp()).isEqualTo(1);

        answers.countDown();
        assertThat(hanging.result().get().value()).hasValue("lobby's");
    }

    @Test
    void patience_endsOnesOwnWaitOnly() throws Exception {
        CountDownLatch answers = sourceHangs();
        Caller impatient = Caller.of(cache, "lobby", Duration.ofMillis(30));
        Caller patient = Caller.of(cache, "lobby", LONG);

        assertThat(impatient.failure())
                .isInstanceOf(SourceFailedException.class)
                .hasMessage("source scene did not answer within 30 ms");
        patient.awaitWaiting();
        answers.countDown();

        assertThat(patient.result().get().status()).isEqualTo(Status.FRESH);
        assertThat(lookUps).hasValue(1);
    }

    @Test
    void sourceThatHangs_isBridgedWhenPatienceEnds() throws Exception {
        ask("lobby");
        pass(CACHE);
        CountDownLatch answers = sourceHangs();

        assertThat(cache.ask("lobby").await(Duration.ofMillis(5))).isEqualTo(sourced("lobby's", CACHE, Status.STALE));

        answers.countDown();
    }

    @ParameterizedTest
    @CsvSource({"PT0S", "PT-1S", "PT-2562047788H"})
    void noPatience_asksButDoesNotWait(Duration patience) throws Exception {
        CountDownLatch answers = sourceHangs();

        assertThatThrownBy(() -> cache.ask("lobby").await(patience))
                .isInstanceOf(SourceFailedException.class)
                .hasMessage("source scene did not answer within 0 ms");
        answers.countDown();

        assertThat(ask("lobby").value()).hasValue("lobby's");
        assertThat(cache.ask("lobby").await(patience).status()).isEqualTo(Status.CACHED);
        assertThat(lookUps).hasValue(1);
    }

    @Test
    void patience_hasNoUpperBound() throws Exception {
        assertThat(cache(CACHE, STALE)
                        .ask("lobby")
                        .await(Duration.ofDays(3_000_000))
                        .status())
                .isEqualTo(Status.FRESH);
    }

    @Test
    void interrupt_endsOnesOwnWaitOnly() throws Exception {
        CountDownLatch answers = sourceHangs();
        Caller first = waiting(1).getFirst();
        Caller second = waiting(1).getFirst();

        first.thread().interrupt();

        assertThat(first.failure()).isInstanceOf(InterruptedException.class);
        answers.countDown();
        assertThat(second.result().get()).isEqualTo(sourced("lobby's", NONE, Status.FRESH));
        assertThat(lookUps).hasValue(1);
    }

    @Test
    void lookUpThatNobodyWaitsFor_isOfUseToTheNext() throws Exception {
        CountDownLatch answers = sourceHangs();
        Caller only = waiting(1).getFirst();
        only.thread().interrupt();
        assertThat(only.failure()).isInstanceOf(InterruptedException.class);
        answers.countDown();

        assertThat(ask("lobby").value()).hasValue("lobby's");
        assertThat(lookUps).hasValue(1);
    }

    /** Staleness must not turn an interrupt into an answer. */
    @Test
    void interrupt_isNotBridged() throws Exception {
        ask("lobby");
        pass(CACHE);
        CountDownLatch answers = sourceHangs();
        Caller caller = waiting(1).getFirst();

        caller.thread().interrupt();

        assertThat(caller.failure()).isInstanceOf(InterruptedException.class);
        answers.countDown();
    }

    @Test
    void entries_areBounded() throws Exception {
        cache = cache(CACHE, STALE, 20);
        for (int i = 0; i < 1_000; i++) {
            assertThat(ask("key-" + i).status()).isEqualTo(Status.FRESH);
        }

        assertThat(cache.size()).isBetween(1L, 20L);
    }

    @Test
    void rulesOutOfBounds_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cache(Duration.ofMillis(-1), STALE))
                .withMessage("the cache ttl of source scene must not be negative, was PT-0.001S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cache(CACHE, Duration.ofMillis(-1)))
                .withMessage("the stale ttl of source scene must not be negative, was PT-0.001S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cache(CACHE, STALE, 0))
                .withMessage("the entries of source scene must be at least 1, were 0");
    }

    @Test
    void sourced_tellsNothingPrivate() {
        assertThat(sourced("PRIVATE", CACHE, Status.STALE)).hasToString("Sourced[known, STALE, PT1M]");
    }
}
