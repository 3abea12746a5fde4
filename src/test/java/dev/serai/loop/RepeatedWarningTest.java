package dev.serai.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.LogLines;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

@Timeout(120)
class RepeatedWarningTest {
    private final AtomicLong nanos = new AtomicLong();

    @AutoClose
    private final LogLines lines = new LogLines(RepeatedWarningTest.class);

    private final RepeatedWarning warning =
            new RepeatedWarning(LoggerFactory.getLogger(RepeatedWarningTest.class), nanos::get);

    @Test
    void troubleThatLasts_isSaidOnce_andAgainAfterThePauseWithACount() {
        for (int i = 0; i < 1_000; i++) {
            warning.met("away", "Kafka is away");
            nanos.addAndGet(Duration.ofMillis(45).toNanos());
        }

        assertThat(lines.with("Kafka is away"))
                .containsExactly("WARN Kafka is away", "WARN Kafka is away (667 times in 30 s)");
    }

    @Test
    void troubleOfAnotherKind_isNew() {
        warning.met("away", "Kafka is away");
        warning.met("refused", "Kafka refuses this client");

        assertThat(lines.with("WARN")).hasSize(2);
    }

    @Test
    void over_isSaidIfThereWasTrouble_andLaterTroubleIsNew() {
        warning.over("Kafka is back");
        warning.met("away", "Kafka is away");
        warning.over("Kafka is back");
        warning.over("Kafka is back");
        warning.met("away", "Kafka is away");

        assertThat(lines.with("Kafka"))
                .containsExactly("WARN Kafka is away", "INFO Kafka is back", "WARN Kafka is away");
    }

    @Test
    void text_isTheLatest_whetherItWasSaidOrNot_untilItIsOver() {
        assertThat(warning.text()).isEmpty();
        warning.met("away", "Kafka is away");
        warning.met("away", "Kafka is still away");
        assertThat(warning.text()).contains("Kafka is still away");

        warning.over("Kafka is back");
        assertThat(warning.text()).isEmpty();
    }

    /** Whoever meets it works on some event; the trouble is everybody's. */
    @Test
    void lines_carryNoFieldsOfTheThread_whichKeepsThem() {
        MDC.put("event_id", "incidental");
        try (LogLines withFields = LogLines.withFields(RepeatedWarningTest.class)) {
            warning.met("away", "Kafka is away");
            warning.over("Kafka is back");

            assertThat(withFields.with("Kafka")).containsExactly("WARN {} Kafka is away", "INFO {} Kafka is back");
            assertThat(MDC.get("event_id")).isEqualTo("incidental");
        } finally {
            MDC.remove("event_id");
        }
    }
}
