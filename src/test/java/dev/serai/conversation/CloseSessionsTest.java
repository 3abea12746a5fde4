package dev.serai.conversation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.connect.EndCause;
import dev.serai.connect.SessionEnder;
import dev.serai.loop.BackgroundLoop;
import dev.serai.session.OpenSession;
import dev.serai.session.OpenSessions;
import dev.serai.session.SampleSessions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class CloseSessionsTest {
    private static final byte[] KEY = "caller-1".getBytes(UTF_8);
    private static final Duration MAX = Duration.ofSeconds(30);

    private final OpenSessions sessions =
            new OpenSessions(Duration.ofMinutes(5), Clock.systemUTC(), new OpenSessions.Bounds(100, 0));
    private final List<String> ended = new CopyOnWriteArrayList<>();
    private final SessionEnder ender = (tenant, ids, cause) -> {
        ended.add(tenant + " " + ids + " " + cause);
        return CompletableFuture.completedFuture(true);
    };

    @BeforeEach
    void openPartition() {
        sessions.open(0);
    }

    @Test
    void dueSessions_areEnded_withTheCauseOfTheirTime() {
        Instant opened = Instant.now().minus(MAX);
        sessions.opened(0, KEY, SampleSessions.open("asked", opened, opened.plusSeconds(5)));
        sessions.opened(0, KEY, SampleSessions.open("longest", opened, opened.plus(MAX)));
        sessions.opened(
                0, KEY, SampleSessions.open("later", opened, opened.plus(MAX).plusSeconds(600)));
        sessions.opened(0, KEY, SampleSessions.open("never", opened, null));

        closing(MAX).closeDue();

        assertThat(ended)
                .containsExactly(
                        "default [live-session-of-asked] " + EndCause.CLOSE_AFTER,
                        "default [live-session-of-longest] " + EndCause.MAX_SESSION);
    }

    @Test
    void dueSession_countsAsOpen_untilTheProviderHasEndedIt() {
        Instant opened = Instant.now().minusSeconds(10);
        sessions.opened(0, KEY, SampleSessions.open("e1", opened, opened.plusSeconds(1)));
        sessions.opened(0, KEY, SampleSessions.open("left", opened, opened.plusSeconds(2)));
        CompletableFuture<Boolean> over = new CompletableFuture<>();
        CompletableFuture<Boolean> left = new CompletableFuture<>();
        SessionEnder slow = (tenant, ids, cause) -> ids.contains("live-session-of-e1") ? over : left;

        new CloseSessions(sessions, slow, Set.of("default"), null).closeDue();

        assertThat(sessions.of(0, KEY)).isEmpty();
        assertThat(sessions.open("default")).isEqualTo(2);
        over.complete(true);
        left.complete(false);
        assertThat(sessions.open("default")).isEqualTo(1);
    }

    /** The provider was away at the time; it still talks, and somebody may have to end it. */
    @Test
    void dueSessionThatCouldNotBeEnded_isFoundByAnEndEvent() {
        Instant opened = Instant.now().minusSeconds(10);
        OpenSession due = SampleSessions.open("e1", opened, opened.plusSeconds(1));
        sessions.opened(0, KEY, due);
        CloseSessions closing = new CloseSessions(
                sessions, (tenant, ids, cause) -> CompletableFuture.completedFuture(false), Set.of("default"), null);

        closing.closeDue();

        assertThat(sessions.of(0, KEY)).extracting(OpenSession::eventId).containsExactly("e1");
        assertThat(sessions.isRecordLate(0, KEY)).isFalse();
        assertThat(sessions.open("default")).isEqualTo(1);
        assertThat(sessions.ended(0, KEY, sessions.of(0, KEY).getFirst())).isTrue();
        assertThat(sessions.open("default")).isZero();
    }

    @Test
    void sessionOfATenantThatIsGone_isLeft() {
        Instant opened = Instant.now().minusSeconds(10);
        sessions.opened(
                0, KEY, new OpenSession("e1", "guide", "gone", List.of("id"), opened, opened.plusSeconds(1), null));

        closing(null).closeDue();

        assertThat(ended).isEmpty();
        assertThat(sessions.open("gone")).isZero();
    }

    @Test
    void timer_endsASessionSoonAfterItsTime() {
        Instant closeAt = Instant.now().plusMillis(700);
        BackgroundLoop timer = closing(null).start();
        try {
            sessions.opened(0, KEY, SampleSessions.open("e1", Instant.now(), closeAt));

            await().atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> !ended.isEmpty());
        } finally {
            timer.close();
        }

        assertThat(Instant.now()).isBetween(closeAt, closeAt.plusSeconds(10));
        assertThat(ended).containsExactly("default [live-session-of-e1] " + EndCause.CLOSE_AFTER);
    }

    private CloseSessions closing(@Nullable Duration maxSession) {
        return new CloseSessions(sessions, ender, Set.of("default"), maxSession);
    }
}
