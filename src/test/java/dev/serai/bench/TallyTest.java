package dev.serai.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TallyTest {
    private final Events events = new Events(10);
    private final Tally tally = new Tally(events);

    @Test
    void secondReply_isADuplicateAndCountsOnce() {
        assertThat(tally.note(3)).isTrue();
        assertThat(tally.note(3)).isFalse();

        assertThat(tally.answered()).isOne();
        assertThat(tally.duplicates()).isOne();
        assertThat(tally.outOfOrder()).isZero();
    }

    @Test
    void earlierEventOfTheSameConversation_isOutOfOrder() {
        int[] ofOneConversation = IntStream.range(0, 1_000)
                .filter(number -> events.key(number).equals(events.key(0)))
                .limit(3)
                .toArray();

        tally.note(ofOneConversation[1]);
        tally.note(ofOneConversation[0]);
        tally.note(ofOneConversation[2]);

        assertThat(tally.outOfOrder()).isOne();
    }

    @Test
    void earlierEventOfAnotherConversation_isInOrder() {
        int other = IntStream.range(1, 1_000)
                .filter(number -> !events.key(number).equals(events.key(0)))
                .findFirst()
                .orElseThrow();

        tally.note(other);
        tally.note(0);

        assertThat(tally.outOfOrder()).isZero();
    }
}
