package dev.serai.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.connect.gate.HoldReason;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.FailingStep;
import dev.serai.testing.RouteFiles;
import dev.serai.testing.RunningSerai;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Issue 15: a plan of one slot, from Kafka to Kafka. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class FreedSlotTest {
    private static final Logger LOG = LoggerFactory.getLogger(FreedSlotTest.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** @param bound {@code serai.connect.max-sessions} */
    @ParameterizedTest
    @CsvSource({"'', COOL_DOWN, 1", "1, SESSIONS, 0"})
    void slotOfARoomThatIsClosed_isTheNextEvents_atOnce(String bound, HoldReason hold, int refused) throws Exception {
        CountDownLatch fails = new CountDownLatch(1);
        FailingStep.failFor("holder", () -> {
            try {
                assertThat(fails.await(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                return e;
            }
            return new IllegalStateException("a defect of a test");
        });
        try (RunningSerai serai = new RunningSerai(RunningSerai.withoutSources(Map.of(
                "serai.routes-dir",
                RouteFiles.copyWithFailingStep("send-reply").toString(),
                "serai.connect.gate.cool-down",
                "60s",
                "serai.connect.max-sessions",
                bound)))) {
            serai.standIn().limitSessions(1);
            serai.publish("a", "{\"event_id\":\"holder\",\"character_id\":\"c\"}");
            await("its room")
                    .atMost(PATIENCE)
                    .until(() -> serai.standIn().sessionCounts().openSessions() == 1);
            serai.publish("b", "{\"event_id\":\"waits\",\"character_id\":\"c\"}");
            await("the event to wait for a slot")
                    .atMost(PATIENCE)
                    .until(() -> serai.service().gate("default").status().hold() == hold
                            && serai.service().gate("default").status().waiting() == 1);
            if (hold == HoldReason.SESSIONS) {
                assertThat(serai.page("/health?data=true").body())
                        .contains("\"default.gate\":\"sessions\"")
                        .contains("\"default.slots_taken\":1", "\"default.slots\":1");
                assertThat(serai.page("/waiting").body())
                        .contains(
                                "held: as many sessions are open as max-sessions allows; waiting there: 1, calls under"
                                        + " way: 0 of 4, slots taken: 1 of 1");
                assertThat(serai.page("/metrics").body())
                        .contains("serai_gate_held{tenant=\"default\",why=\"sessions\"} 1");
            }

            long begun = System.nanoTime();
            fails.countDown();

            assertThat(serai.replyTo("waits").path("status").asText()).isEqualTo("started");
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            LOG.info("The next event's reply came {} ms after the room before it was given up", took.toMillis());
            assertThat(took).isLessThan(Duration.ofSeconds(20));
            assertThat(serai.replyTo("holder").at("/error/category").asText()).isEqualTo("internal_error");
            assertThat(serai.standIn().sessionCounts().openSessions()).isEqualTo(1);
            assertThat(serai.connectCalls("c"))
                    .filteredOn(call -> Integer.valueOf(429).equals(call.status()))
                    .hasSize(refused);
            assertThat(serai.page("/metrics").body())
                    .contains("serai_slot_to_room_seconds_count{tenant=\"default\"} 1");
        }
    }
}
