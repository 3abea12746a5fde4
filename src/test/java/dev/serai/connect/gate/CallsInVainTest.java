package dev.serai.connect.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.connect.CallTally;
import dev.serai.connect.OneRoom;
import dev.serai.wire.Failure;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an event is put behind others for, while the provider fails or refuses the account. */
@Timeout(120)
class CallsInVainTest {
    private static final class Counted extends CallTally {
        void failed() {
            count(Outcomes.unavailable(503, null), Spread.OTHERS_TOO);
        }

        void refused() {
            count(Outcomes.busy(null), Spread.EVERYBODY);
            count(Outcomes.refused(), Spread.EVERYBODY);
        }

        void toldNothing() {
            count(Outcomes.conflict(null), Spread.THIS_EVENT);
            count(Outcomes.doubted(), Spread.THIS_EVENT);
        }

        @Override
        public boolean sessionSent() {
            return false;
        }

        @Override
        public boolean sessionNamedByEvent() {
            return false;
        }

        @Override
        public boolean optionsNameSession() {
            return false;
        }

        @Override
        public @Nullable Failure doubt() {
            return null;
        }

        @Override
        public @Nullable OneRoom room() {
            return null;
        }

        @Override
        public Instant deadline() {
            return Instant.EPOCH;
        }
    }

    @Test
    void refusalsAndFailures_addUp() {
        Counted event = new Counted();
        event.refused();
        event.toldNothing();
        event.failed();

        assertThat(event.callsInVain()).isEqualTo(3);
        assertThat(event.failures()).as("that it pauses for").isOne();
    }
}
