package dev.serai.trial.standin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.trial.standin.SessionRegistry.Admission;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class SessionRegistryTest {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final SessionRegistry registry = new SessionRegistry(now::get, 2);

    @Test
    void place_isHeldForItsTimeAndNotLonger() {
        registry.limit(1, Duration.ofNanos(10));
        assertThat(registry.admit("ada", null)).isInstanceOf(Admission.Admitted.class);

        now.addAndGet(9);
        assertThat(registry.admit("ada", null)).isEqualTo(new Admission.LimitReached(1));
        assertThat(registry.held()).isEqualTo(1);

        now.addAndGet(1);
        assertThat(registry.held()).isZero();
        assertThat(registry.admit("ada", null)).isInstanceOf(Admission.Admitted.class);
    }

    @Test
    void sessionsFromBeforeTheLimit_areNotHeld() {
        registry.admit("ada", null);

        registry.limit(1, Duration.ofHours(1));

        assertThat(registry.held()).isZero();
    }

    @Test
    void continuedSession_takesAPlaceToo() {
        registry.limit(2, Duration.ofHours(1));
        String session = admitted("ada");

        assertThat(registry.admit("ada", session)).isEqualTo(new Admission.Admitted(session));
        assertThat(registry.held()).isEqualTo(2);
    }

    @Test
    void conversationUsedLeastRecently_isForgottenFirst() {
        String first = admitted("ada");
        String second = admitted("ada");
        registry.admit("ada", first);

        admitted("ada");

        assertThat(registry.admit("ada", first)).isInstanceOf(Admission.Admitted.class);
        assertThat(registry.admit("ada", second)).isInstanceOf(Admission.UnknownSession.class);
    }

    private String admitted(String characterId) {
        return ((Admission.Admitted) registry.admit(characterId, null)).characterSessionId();
    }
}
