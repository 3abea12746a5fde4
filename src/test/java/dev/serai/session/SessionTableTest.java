package dev.serai.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SessionTableTest {
    private static final Instant BEGIN = Instant.parse("2026-01-31T10:00:00Z");
    private static final Duration RETENTION = Duration.ofHours(1);
    private static final byte[] KEY = "caller-1".getBytes(UTF_8);

    private final SteppedClock clock = new SteppedClock(BEGIN);
    private final SessionTable table = new SessionTable(RETENTION, clock);

    @BeforeEach
    void openPartition() {
        table.open(3);
    }

    @Test
    void unknownConversation_isEmpty() {
        assertThat(table.get(3, KEY)).isSameAs(ConversationState.EMPTY);
    }

    @Test
    void conversation_isFoundByTheContentOfItsKey() {
        table.put(3, KEY, state("s1"));

        assertThat(table.get(3, KEY.clone())).isEqualTo(state("s1"));
    }

    @Test
    void conversation_isOfOnePartitionOnly() {
        table.open(4);
        table.put(3, KEY, state("s1"));

        assertThat(table.get(4, KEY)).isSameAs(ConversationState.EMPTY);
    }

    @Test
    void laterState_takesThePlaceOfTheEarlier() {
        table.put(3, KEY, state("s1"));
        table.put(3, KEY, state("s2"));

        assertThat(table.get(3, KEY).session("guide")).contains("s2");
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void forgottenConversation_isEmpty() {
        table.put(3, KEY, state("s1"));
        table.forget(3, KEY);

        assertThat(table.get(3, KEY)).isSameAs(ConversationState.EMPTY);
        assertThat(table.size()).isZero();
    }

    @Test
    void partitionThatIsNotOpen_cannotBeAsked() {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> table.get(5, KEY))
                .withMessage("partition 5 of the session table is not open");
    }

    @Test
    void lateResultOfALostPartition_doesNotComeBack() {
        table.close(3);
        table.put(3, KEY, state("s1"));
        table.forget(3, KEY);
        table.open(3);

        assertThat(table.get(3, KEY)).isSameAs(ConversationState.EMPTY);
    }

    @Test
    void closedPartition_isDropped() {
        table.open(4);
        table.put(3, KEY, state("s1"));
        table.put(4, KEY, state("s1"));
        table.close(3);

        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void entryOfTheRetentionsAge_isStillThere() {
        table.put(3, KEY, state("s1"));
        clock.now = BEGIN.plus(RETENTION);
        table.expire();

        assertThat(table.get(3, KEY)).isEqualTo(state("s1"));
    }

    @Test
    void expiredEntry_isEmptyBeforeItIsSwept() {
        table.put(3, KEY, state("s1"));
        clock.now = BEGIN.plus(RETENTION).plusMillis(1);

        assertThat(table.get(3, KEY)).isSameAs(ConversationState.EMPTY);
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void expire_takesOnlyWhatIsExpired() {
        table.put(3, KEY, state("s1"));
        clock.now = BEGIN.plus(RETENTION).plusMillis(1);
        table.put(3, "caller-2".getBytes(UTF_8), ConversationState.EMPTY.answered("e2", clock.now));
        table.expire();

        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void stateThatIsExpiredAlready_takesThePlaceOfTheEarlierByForgettingIt() {
        table.put(3, KEY, state("s1"));
        table.put(3, KEY, state("s2").answered("e2", BEGIN.minus(RETENTION).minusMillis(1)));

        assertThat(table.get(3, KEY)).isSameAs(ConversationState.EMPTY);
        assertThat(table.size()).isZero();
    }

    @Test
    void manyLanesAtOnce_findTheirOwn() {
        try (var lanes = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int lane = 0; lane < 500; lane++) {
                byte[] key = ("caller-" + lane).getBytes(UTF_8);
                lanes.execute(() -> {
                    for (int event = 0; event < 20; event++) {
                        ConversationState before = table.get(3, key);
                        table.put(3, key, before.answered("e" + event, BEGIN));
                    }
                });
            }
        }

        assertThat(table.size()).isEqualTo(500);
        for (int lane = 0; lane < 500; lane++) {
            assertThat(table.get(3, ("caller-" + lane).getBytes(UTF_8)).eventIds())
                    .hasSize(16)
                    .startsWith("e4")
                    .endsWith("e19");
        }
    }

    private static ConversationState state(String session) {
        return ConversationState.EMPTY.withSession("guide", session).answered("e1", BEGIN);
    }
}
