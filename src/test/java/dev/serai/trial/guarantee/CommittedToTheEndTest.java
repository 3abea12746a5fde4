package dev.serai.trial.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.trial.guarantee.CommittedToTheEnd.Position;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CommittedToTheEndTest {
    private static final History NOTHING = new SampleHistory().history();

    @Test
    void endAndEmptyPartition_areFine() {
        CommittedToTheEnd committed =
                new CommittedToTheEnd(new TreeMap<>(Map.of(0, new Position(41, 41L), 1, new Position(0, null))));

        assertThat(committed.breaches(NOTHING)).isEmpty();
        assertThat(committed.isKept()).isTrue();
    }

    @Test
    void partitionsThatAreBehind_areBreaches() {
        CommittedToTheEnd committed =
                new CommittedToTheEnd(new TreeMap<>(Map.of(0, new Position(41, 40L), 1, new Position(3, null))));

        assertThat(committed.breaches(NOTHING))
                .containsExactly(
                        "partition 0 of the start topic is committed up to 40 and ends at 41",
                        "partition 1 of the start topic is committed up to nothing and ends at 3");
        assertThat(committed.isKept()).isFalse();
    }
}
