package dev.serai.observe.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.LogLines;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@Timeout(120)
class LongWaitLogTest {
    private static final Logger OWN_LOG = LoggerFactory.getLogger(LongWaitLogTest.class);
    private static final EventState STATE = new EventState(record -> "id-" + record.offset(), Optional::empty);

    private final SampleEvents events = new SampleEvents();
    private final HeldEvents held = events.held;

    @Test
    void eventOlderThanAMinute_isSaidOnce_withWhatItIsAt() {
        HeldEvent old = events.event(12, "k", 61);
        old.seen("acme", SampleEvents.NOW.plusSeconds(59));
        old.waitsFor(new Wait.LookUp("crm", "scene"));
        HeldEvent behind = events.event(13, "k", 60);
        behind.waitsFor(new Wait.Lane());
        events.event(14, "k", 59).waitsFor(new Wait.Lane());
        try (LogLines log = new LogLines(LongWaitLogTest.class);
                LongWaitLog waits = new LongWaitLog(OWN_LOG, held, STATE, () -> SampleEvents.NOW)) {
            waits.turn();
            waits.turn();

            assertThat(log.with("conversation.start-3@"))
                    .satisfiesExactly(
                            first -> assertThat(first)
                                    .matches("INFO The event conversation.start-3@12 of tenant acme is 1 min 1 s old:"
                                            + " looks up scene at source crm, for \\d\\.\\d s; its deadline comes"
                                            + " in 59 s"),
                            second -> assertThat(second)
                                    .startsWith(
                                            "INFO The event conversation.start-3@13 is 1 min 0 s old: waits in its lane"
                                                    + " behind id-12 (conversation.start-3@12), for "));
        }
    }

    @Test
    void manyMore_areCountedOnceAMinute() {
        for (int i = 0; i < 20; i++) {
            events.event(i, "key-" + i, 100);
        }
        Instant[] now = {SampleEvents.NOW};
        try (LogLines log = new LogLines(LongWaitLogTest.class);
                LongWaitLog waits = new LongWaitLog(OWN_LOG, held, STATE, () -> now[0])) {
            waits.turn();
            for (int i = 20; i < 50; i++) {
                events.event(i, "key-" + i, 100);
                now[0] = now[0].plusSeconds(1);
                waits.turn();
            }
            assertThat(log.with("")).hasSize(LongWaitLog.LINES + 1);

            now[0] = SampleEvents.NOW.plus(LongWaitLog.WINDOW);
            waits.turn();

            assertThat(log.with("more events"))
                    .containsExactly(
                            "INFO And 15 more events are older than 60 s: ./serai waiting lists them",
                            "INFO And 30 more events are older than 60 s: ./serai waiting lists them");
        }
    }

    @Test
    void many_areCounted() {
        for (int i = 0; i < 200; i++) {
            events.event(i, "key-" + i, 100);
        }
        try (LogLines log = new LogLines(LongWaitLogTest.class);
                LongWaitLog waits = new LongWaitLog(OWN_LOG, held, STATE, () -> SampleEvents.NOW)) {
            waits.turn();

            assertThat(log.with("INFO The event ")).hasSize(LongWaitLog.LINES);
            assertThat(log.with("more events"))
                    .containsExactly("INFO And 195 more events are older than 60 s: ./serai waiting lists them");
        }
    }
}
