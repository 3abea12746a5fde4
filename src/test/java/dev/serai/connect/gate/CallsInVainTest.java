package dev.serai.connect.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an event is put behind others for, while the provider fails or refuses the account. */
@Timeout(120)
class CallsInVainTest {
    @Test
    void refusalsAndFailures_addUp() {
        SessionlessEvent event = new SessionlessEvent(Instant.EPOCH);
        event.returned(Outcomes.busy(null), Spread.EVERYBODY);
        event.returned(Outcomes.refused(), Spread.EVERYBODY);
        event.returned(Outcomes.conflict(null), Spread.THIS_EVENT);
        event.returned(Outcomes.doubted(), Spread.THIS_EVENT);
        event.returned(Outcomes.unavailable(503, null), Spread.OTHERS_TOO);

        assertThat(event.callsInVain()).isEqualTo(3);
        assertThat(event.failures()).as("that it pauses for").isOne();
    }
}
