package dev.serai.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.source.SourceFailedException.Reason;
import dev.serai.wire.Priority;
import dev.serai.wire.Provenance;
import dev.serai.wire.Provenance.Status;
import dev.serai.wire.SampleRecords;
import dev.serai.wire.SceneElement;
import dev.serai.wire.StartConversation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EnricherTest {
    private static final EnrichmentLimits LIMITS = new EnrichmentLimits(2, 50, 50, 1000, 50);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final StartConversation EVENT = SampleRecords.event();

    private final RecordedSources told = new RecordedSources();

    private Source<FoundScene> scenes(boolean required, Duration timeout, SourceLookUp<Wanted, JsonNode> system) {
        return new Source<>(
                rules("rooms", required, timeout), new SceneShape(LIMITS, SceneFields.DEFAULT), system, told);
    }

    private Source<FoundText> customers(boolean required, Duration timeout, SourceLookUp<Wanted, JsonNode> system) {
        return new Source<>(rules("crm", required, timeout), TextShape.ofField(LIMITS, "text"), system, told);
    }

    private static LookUpRules rules(String name, boolean required, Duration timeout) {
        return new LookUpRules(
                name, required, timeout, 4, Duration.ofMinutes(1), Duration.ofMinutes(1), 10, Duration.ofMillis(100));
    }

    private static SourceLookUp<Wanted, JsonNode> says(String json) {
        return wanted -> Optional.of(SampleRecords.json(json));
    }

    private static SourceLookUp<Wanted, JsonNode> fails() {
        return wanted -> {
            throw new SourceFailedException(Reason.UNREACHABLE, "connection refused by PRIVATE host");
        };
    }

    @Test
    void foundPieces_comeBehindTheEventsOwn() throws Exception {
        Enricher enricher = new Enricher(
                scenes(
                        false,
                        LONG,
                        wanted -> Optional.of(SampleRecords.json("{'a':[{'name':'lamp','description':'lit'}]}")
                                .get("a"))),
                customers(false, LONG, says("{'text':'a regular'}")));

        Enrichment enriched = enricher.enrich(EVENT, LONG, LookUpWatch.NOBODY);

        assertThat(enriched.scene())
                .startsWith(EVENT.sceneDescription().toArray(SceneElement[]::new))
                .endsWith(new SceneElement("lamp", "lit"));
        assertThat(enriched.sceneFrom()).isEqualTo(new Provenance(Status.FRESH, Duration.ZERO, "rooms", List.of()));
        assertThat(enriched.dynamicInfo()).isEqualTo(SampleRecords.json("{'text':'PRIVATE text\\na regular'}"));
        assertThat(enriched.dynamicInfoFrom().source()).isEqualTo("crm");
        assertThat(enricher.enrich(EVENT, LONG, LookUpWatch.NOBODY).sceneFrom().status())
                .isEqualTo(Status.CACHED);
        assertThat(told.served)
                .containsExactly(
                        "rooms scene FRESH", "crm dynamic_info FRESH", "rooms scene CACHED", "crm dynamic_info CACHED");
    }

    @Test
    void bothSources_areAskedAtOnce() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        SourceLookUp<Wanted, JsonNode> meets = wanted -> {
            try {
                both.await(30, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new SourceFailedException(Reason.FAILED, "the other one was not asked meanwhile", e);
            }
            return Optional.empty();
        };

        Enrichment enriched = new Enricher(scenes(false, LONG, meets), customers(false, LONG, meets))
                .enrich(EVENT, LONG, LookUpWatch.NOBODY);

        assertThat(enriched.sceneFrom()).isEqualTo(new Provenance(Status.INLINE, null, "rooms", List.of()));
        assertThat(enriched.dynamicInfoFrom().status()).isEqualTo(Status.INLINE);
    }

    private static StartConversation event(@Nullable String sceneRef, @Nullable String contextRef, Priority priority) {
        return new StartConversation(
                "event",
                "character",
                EVENT.connectionType(),
                null,
                EVENT.continuity(),
                null,
                null,
                null,
                List.of(),
                null,
                sceneRef,
                contextRef,
                EVENT.connectOptions(),
                EVENT.expiresAt(),
                "default",
                null,
                priority);
    }

    /** Issue 17: however many batch events ask a source that is slow, a live caller finds one of its look-ups free. */
    @Test
    void batchEvents_leaveHalfOfTheLookUpsToLiveCallers() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        AtomicInteger ofBatches = new AtomicInteger();
        Enricher enricher = new Enricher(null, customers(true, LONG, wanted -> {
            if (wanted.reference().startsWith("batch")) {
                ofBatches.incrementAndGet();
                try {
                    assertThat(slow.await(20, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    throw new SourceFailedException(Reason.FAILED, "interrupted", e);
                }
            }
            return Optional.of(SampleRecords.json("{'text':'a regular'}"));
        }));
        CountDownLatch enriched = enrichInBackground(enricher, 20, number -> event(null, "batch-" + number));
        Awaitility.await().atMost(LONG).until(() -> ofBatches.get() == 2);

        enricher.enrich(event(null, "caller-1", Priority.LIVE), Duration.ofSeconds(10), LookUpWatch.NOBODY);
        enricher.enrich(event(null, "caller-2", Priority.LIVE), Duration.ofSeconds(10), LookUpWatch.NOBODY);

        assertThat(ofBatches).hasValue(2);
        slow.countDown();
        assertThat(enriched.await(20, TimeUnit.SECONDS)).isTrue();
    }

    /** Events that hold one source's permit while they wait for the other's would wait for each other until their deadlines. */
    @Test
    void batchEventsOfARequiredSourceThatFails_getThroughOnceItIsWell() throws Exception {
        AtomicBoolean down = new AtomicBoolean(true);
        AtomicInteger asked = new AtomicInteger();
        Enricher enricher = new Enricher(
                scenes(true, LONG, wanted -> {
                    asked.incrementAndGet();
                    if (down.get()) {
                        throw new SourceFailedException(Reason.UNREACHABLE, "connection refused");
                    }
                    return Optional.empty();
                }),
                customers(true, LONG, says("{'text':'a regular'}")));

        CountDownLatch enriched = enrichInBackground(enricher, 20, number -> event("room-" + number, "c-" + number));
        // Two that hold both permits and fail, and two that come behind them.
        Awaitility.await().atMost(LONG).until(() -> asked.get() >= 4);
        down.set(false);

        assertThat(enriched.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void batchEventsWhoseSceneIsNeverFound_keepNoDynamicInfoFromOthers() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Enricher enricher = new Enricher(
                scenes(true, LONG, wanted -> {
                    asked.incrementAndGet();
                    throw new SourceFailedException(Reason.UNREACHABLE, "connection refused");
                }),
                customers(true, LONG, says("{'text':'a regular'}")));

        enrichInBackground(enricher, 2, number -> event("room-" + number, "c-" + number));
        Awaitility.await().atMost(LONG).until(() -> asked.get() >= 2);

        CountDownLatch enriched = enrichInBackground(enricher, 5, number -> event(null, "other-" + number));
        assertThat(enriched.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void batchEventsWhoseSceneFails_leaveHalfOfTheOtherSourcesLookUpsToLiveCallers() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        AtomicBoolean down = new AtomicBoolean(true);
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger asked = new AtomicInteger();
        Enricher enricher = new Enricher(
                scenes(true, LONG, wanted -> {
                    asked.incrementAndGet();
                    if (down.get()) {
                        throw new SourceFailedException(Reason.UNREACHABLE, "connection refused");
                    }
                    return Optional.empty();
                }),
                customers(true, LONG, wanted -> {
                    most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                    try {
                        assertThat(slow.await(20, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException e) {
                        throw new SourceFailedException(Reason.FAILED, "interrupted", e);
                    } finally {
                        underWay.decrementAndGet();
                    }
                    return Optional.empty();
                }));

        CountDownLatch enriched = enrichInBackground(enricher, 10, number -> event("room-" + number, "c-" + number));
        Awaitility.await().atMost(LONG).until(() -> asked.get() >= 4 && underWay.get() >= 2);
        slow.countDown();
        down.set(false);

        assertThat(enriched.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(most).hasValue(2);
    }

    private static StartConversation event(@Nullable String sceneRef, String contextRef) {
        return event(sceneRef, contextRef, Priority.BATCH);
    }

    /** @return is counted down by each that is enriched */
    private static CountDownLatch enrichInBackground(
            Enricher enricher, int events, IntFunction<StartConversation> event) {
        CountDownLatch enriched = new CountDownLatch(events);
        for (int number = 0; number < events; number++) {
            StartConversation next = event.apply(number);
            Thread.ofVirtual().start(() -> {
                try {
                    enricher.enrich(next, Duration.ofMinutes(5), LookUpWatch.NOBODY);
                    enriched.countDown();
                } catch (EnrichmentFailedException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
        return enriched;
    }

    @Test
    void whatIsCut_isNoted() throws Exception {
        Enricher enricher = new Enricher(null, customers(false, LONG, says("{'text':'" + "x".repeat(60) + "'}")));

        assertThat(enricher.enrich(EVENT, LONG, LookUpWatch.NOBODY)
                        .dynamicInfoFrom()
                        .notes())
                .containsExactly("dynamic_info: 23 of 60 characters left out (at most 50 in all)");
    }

    @Test
    void optionalSourceThatFails_isDoneWithout() throws Exception {
        Enricher enricher = new Enricher(scenes(false, LONG, fails()), null);

        Enrichment enriched = enricher.enrich(EVENT, LONG, LookUpWatch.NOBODY);

        assertThat(enriched.scene()).isEqualTo(EVENT.sceneDescription());
        assertThat(enriched.sceneFrom())
                .isEqualTo(
                        new Provenance(Status.FAILED, null, "rooms", List.of("scene: the source cannot be reached")));
        assertThat(told.served).containsExactly("rooms scene FAILED");
    }

    @Test
    void optionalSourceThatHangs_isWaitedForAsLongAsItsTimeOutSays() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Enricher enricher = new Enricher(scenes(false, Duration.ofMillis(50), hangs(never)), null);
        long begun = System.nanoTime();

        assertThat(enricher.enrich(EVENT, LONG, LookUpWatch.NOBODY).sceneFrom())
                .isEqualTo(new Provenance(
                        Status.FAILED, null, "rooms", List.of("scene: the source did not answer in time")));

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isBetween(Duration.ofMillis(50), LONG);
        never.countDown();
    }

    private static SourceLookUp<Wanted, JsonNode> hangs(CountDownLatch end) {
        return wanted -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new SourceFailedException(Reason.FAILED, "interrupted", e);
            }
            return Optional.empty();
        };
    }

    @Test
    void requiredSourceThatFails_isAskedAgain() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Enricher enricher = new Enricher(
                scenes(true, LONG, wanted -> {
                    if (asked.incrementAndGet() < 3) {
                        throw new SourceFailedException(Reason.ERROR, "500");
                    }
                    return Optional.empty();
                }),
                null);

        assertThat(enricher.enrich(EVENT, LONG, LookUpWatch.NOBODY).sceneFrom().status())
                .isEqualTo(Status.INLINE);
        assertThat(asked).hasValue(3);
    }

    @Test
    void requiredSourceThatFailsUntilTheDeadline_failsTheEvent_andSaysNothingOfTheSources() {
        Enricher enricher = new Enricher(null, customers(true, LONG, fails()));
        long begun = System.nanoTime();

        assertThatThrownBy(() -> enricher.enrich(EVENT, Duration.ofMillis(600), LookUpWatch.NOBODY))
                .isInstanceOf(EnrichmentFailedException.class)
                .hasMessageMatching(
                        "the source crm of dynamic_info (cannot be reached|did not answer in time) \\([2-9] look-ups"
                                + " until the deadline\\)");
        assertThat(told.served).containsExactly("crm dynamic_info FAILED");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONG);
    }

    @Test
    void requiredSourceThatRefusesAReference_isNotAskedForItAgain() {
        AtomicInteger asked = new AtomicInteger();
        Enricher enricher = new Enricher(
                scenes(true, LONG, wanted -> {
                    asked.incrementAndGet();
                    throw new SourceFailedException(Reason.REFUSED, "400 PRIVATE", "status 400", null);
                }),
                null);

        assertThatThrownBy(() -> enricher.enrich(EVENT, LONG, LookUpWatch.NOBODY))
                .isInstanceOf(EnrichmentFailedException.class)
                .hasMessage("the source rooms of scene refused what it was asked for: status 400"
                        + " (1 look-up, for it would refuse that again)");
        assertThat(asked).hasValue(1);
        assertThat(told.served).containsExactly("rooms scene FAILED");
    }

    /** Guarantee 4: what is wrong with one reference is not waited for by others. */
    @Test
    void requiredSourceWithNothingUsableForOne_servesOthersMeanwhile() throws Exception {
        AtomicInteger askedForBad = new AtomicInteger();
        Enricher enricher = new Enricher(null, customers(true, LONG, wanted -> {
            if (wanted.reference().startsWith("bad")) {
                askedForBad.incrementAndGet();
                throw new SourceFailedException(Reason.UNUSABLE, "it is no JSON");
            }
            return Optional.of(SampleRecords.json("{'text':'a regular'}"));
        }));
        enrichInBackground(enricher, 4, number -> event(null, "bad-" + number, Priority.LIVE));
        Awaitility.await().atMost(LONG).until(() -> askedForBad.get() > 20);

        for (int caller = 0; caller < 20; caller++) {
            StartConversation good = event(null, "good-" + caller, Priority.LIVE);
            assertThat(enricher.enrich(good, LONG, LookUpWatch.NOBODY).dynamicInfo())
                    .isEqualTo(SampleRecords.json("{'text':'a regular'}"));
        }
        assertThat(told.lookUps).doesNotContain("crm dynamic_info resting");
    }

    @Test
    void requiredSourceThatHangs_failsTheEventAtItsDeadline() {
        CountDownLatch never = new CountDownLatch(1);
        Enricher enricher = new Enricher(scenes(true, LONG, hangs(never)), null);

        assertThatThrownBy(() -> enricher.enrich(EVENT, Duration.ofMillis(80), LookUpWatch.NOBODY))
                .hasMessage("the source rooms of scene did not answer in time (1 look-up until the deadline)");
        never.countDown();
    }

    @Test
    void eventWithoutAReference_asksNobody() throws Exception {
        Enricher enricher = new Enricher(scenes(true, LONG, fails()), null);

        assertThat(enricher.enrich(SampleRecords.leastEvent(), LONG, LookUpWatch.NOBODY)
                        .sceneFrom())
                .isEqualTo(Provenance.unasked(false));
        assertThat(told.lookUps).isEmpty();
    }

    @Test
    void tenants_doNotGetEachOthersAnswers() throws Exception {
        Source<FoundText> source = customers(
                false, LONG, wanted -> Optional.of(SampleRecords.json("{'text':'of " + wanted.tenant() + "'}")));

        Sourced<FoundText> first = source.ask(new Wanted("north", "c-1")).await(LONG);
        Sourced<FoundText> second = source.ask(new Wanted("south", "c-1")).await(LONG);

        assertThat(first.value().orElseThrow().text()).isEqualTo("of north");
        assertThat(second.value().orElseThrow().text()).isEqualTo("of south");
        assertThat(source.cached()).isEqualTo(2);
    }
}
