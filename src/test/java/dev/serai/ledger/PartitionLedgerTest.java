package dev.serai.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionLedgerTest {
    private static final int WINDOW = PartitionLedger.WINDOW;

    private final PartitionLedger ledger = PartitionLedger.empty("start-3", 40);

    @Test
    void nothing_opened_commits_where_reading_begins() {
        assertThat(ledger.committable()).isEqualTo(new CommitPoint(40, ""));
    }

    @Test
    void everything_complete_commits_the_next_offset() {
        open(40, 41);
        complete(41, 40);

        assertThat(ledger.committable()).isEqualTo(new CommitPoint(42, ""));
    }

    @Test
    void lowest_open_offset_holds_the_commit() {
        open(40, 41, 42);
        complete(40, 42);

        assertThat(ledger.committable().offset()).isEqualTo(41);
        assertThat(ledger.openCount()).isEqualTo(1);
        assertThat(ledger.completeAboveGapCount()).isEqualTo(1);
    }

    @Test
    void complete_offset_above_an_open_one_is_skipped_after_a_restart() {
        open(40, 41, 42);
        complete(41);

        PartitionLedger restarted = restart();

        assertThat(restarted.opened(40)).isEqualTo(Opening.NEW);
        assertThat(restarted.opened(41)).isEqualTo(Opening.ALREADY_COMPLETE);
        assertThat(restarted.opened(42)).isEqualTo(Opening.NEW);
    }

    @Test
    void restored_offsets_stay_in_the_metadata_until_they_are_read() {
        open(40, 41, 42, 43);
        complete(41, 43);

        assertThat(restart().committable()).isEqualTo(ledger.committable());
    }

    @Test
    void restored_run_above_the_last_open_offset_is_committed_with_it() {
        open(40, 41, 42);
        complete(41, 42);

        PartitionLedger restarted = restart();
        restarted.opened(40);
        restarted.completed(40);

        assertThat(restarted.committable()).isEqualTo(new CommitPoint(43, ""));
        assertThat(restarted.opened(41)).isEqualTo(Opening.ALREADY_COMPLETE);
        assertThat(restarted.opened(43)).isEqualTo(Opening.NEW);
    }

    @Test
    void gap_is_nothing_to_wait_for() {
        open(45, 1_000);
        complete(45);
        assertThat(ledger.committable()).isEqualTo(new CommitPoint(1_000, ""));

        complete(1_000);
        assertThat(ledger.committable()).isEqualTo(new CommitPoint(1_001, ""));
    }

    @Test
    void gap_of_billions_is_crossed_when_nothing_is_open() {
        open(40);
        complete(40);

        assertThat(ledger.opened(9_000_000_000L)).isEqualTo(Opening.NEW);
        assertThat(ledger.committable()).isEqualTo(new CommitPoint(9_000_000_000L, ""));
    }

    @Test
    void offset_read_again_while_open_is_not_taken_twice() {
        open(40, 41);

        assertThat(ledger.opened(40)).isEqualTo(Opening.ALREADY_OPEN);
        assertThat(ledger.opened(41)).isEqualTo(Opening.ALREADY_OPEN);
        assertThat(ledger.openCount()).isEqualTo(2);
    }

    @Test
    void offset_read_again_after_completion_is_complete_below_and_above_the_gap() {
        open(40, 41, 42);
        complete(40, 42);

        assertThat(ledger.opened(40)).isEqualTo(Opening.ALREADY_COMPLETE);
        assertThat(ledger.opened(42)).isEqualTo(Opening.ALREADY_COMPLETE);
    }

    @Test
    void offset_that_was_passed_over_is_a_regression() {
        open(40, 57);

        assertThatIllegalStateException()
                .isThrownBy(() -> ledger.opened(41))
                .withMessage("offset regression on start-3: 41 after 57");
    }

    @Test
    void offset_below_the_beginning_is_a_regression() {
        assertThatIllegalStateException()
                .isThrownBy(() -> ledger.opened(39))
                .withMessage("offset regression on start-3: 39, but its ledger begins at 40");
    }

    @Test
    void negative_beginning_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PartitionLedger.restore("start-3", -1, null))
                .withMessage("first offset of start-3 must be at least 0, was -1");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 39, 43, 45, 9_000_000_000L})
    void completion_of_an_offset_never_opened_is_an_error(long offset) {
        open(42, 44);

        assertThatIllegalStateException()
                .isThrownBy(() -> ledger.completed(offset))
                .withMessage("offset " + offset + " of start-3 is not open: it was never opened");
    }

    @Test
    void second_completion_is_an_error_below_and_above_the_gap() {
        open(40, 41, 42);
        complete(40, 42);

        assertThatIllegalStateException()
                .isThrownBy(() -> ledger.completed(40))
                .withMessage("offset 40 of start-3 is not open: it is complete already");
        assertThatIllegalStateException()
                .isThrownBy(() -> ledger.completed(42))
                .withMessage("offset 42 of start-3 is not open: it is complete already");
    }

    @Test
    void commit_ahead_of_completion_is_what_the_commit_will_be() {
        open(40, 41, 42, 43);
        CommitPoint before = ledger.committable();

        CommitPoint ahead = ledger.committableWith(Set.of(40L, 42L));

        assertThat(ledger.committable()).isEqualTo(before);
        assertThat(ledger.openCount()).isEqualTo(4);
        complete(40, 42);
        assertThat(ledger.committable()).isEqualTo(ahead);
    }

    @Test
    void commit_ahead_of_completion_refuses_what_is_not_open() {
        open(40);

        assertThatIllegalStateException()
                .isThrownBy(() -> ledger.committableWith(Set.of(40L, 41L)))
                .withMessage("offset 41 of start-3 is not open: it was never opened");
        assertThat(ledger.openCount()).isEqualTo(1);
    }

    @Test
    void window_is_full_at_its_last_offset() {
        fillWindow();

        assertThat(ledger.isFull()).isTrue();
        assertThat(ledger.opened(40 + WINDOW)).isEqualTo(Opening.NO_ROOM);
        assertThat(ledger.openCount()).isEqualTo(WINDOW);
    }

    @Test
    void full_window_moves_on_with_its_lowest_offset_only() {
        fillWindow();

        complete(41);
        assertThat(ledger.isFull()).isTrue();
        complete(40);
        assertThat(ledger.isFull()).isFalse();
        assertThat(ledger.opened(40 + WINDOW)).isEqualTo(Opening.NEW);
        assertThat(ledger.opened(41 + WINDOW)).isEqualTo(Opening.NEW);
        assertThat(ledger.isFull()).isTrue();
    }

    @Test
    void offset_beyond_a_wide_gap_fills_the_window_until_it_fits() {
        open(40, 41);
        assertThat(ledger.opened(41 + WINDOW)).isEqualTo(Opening.NO_ROOM);
        assertThat(ledger.isFull()).isTrue();

        complete(40);
        assertThat(ledger.isFull()).isTrue();
        complete(41);
        assertThat(ledger.isFull()).isFalse();
        assertThat(ledger.opened(41 + WINDOW)).isEqualTo(Opening.NEW);
    }

    @Test
    void offset_after_a_refused_one_is_refused_until_the_consumer_went_back() {
        fillWindow();
        ledger.opened(40 + WINDOW);
        complete(40, 41);

        assertThat(ledger.opened(41 + WINDOW)).isEqualTo(Opening.NO_ROOM);
        assertThat(ledger.opened(40 + WINDOW)).isEqualTo(Opening.NEW);
        assertThat(ledger.opened(41 + WINDOW)).isEqualTo(Opening.NEW);
    }

    @Test
    void refused_offset_that_is_gone_when_read_again_is_a_gap() {
        open(40);
        ledger.opened(40 + WINDOW);
        complete(40);

        assertThat(ledger.opened(50 + WINDOW)).isEqualTo(Opening.NO_ROOM);
        assertThat(ledger.isFull()).isFalse();
        assertThat(ledger.opened(50 + WINDOW)).isEqualTo(Opening.NEW);
    }

    @Test
    void full_window_fits_the_metadata_whatever_is_complete() {
        fillWindow();
        Random random = new Random(7);
        for (long offset = 41; offset < 40 + WINDOW; offset++) {
            if (offset == 39 + WINDOW || random.nextBoolean()) {
                complete(offset);
            }
        }

        CommitPoint commit = ledger.committable();

        assertThat(commit.offset()).isEqualTo(40);
        assertThat(commit.metadata().getBytes(StandardCharsets.UTF_8)).hasSize(2_748);
        assertThat(restart().completeAboveGapCount()).isEqualTo(ledger.completeAboveGapCount());
    }

    @Test
    void metadata_of_another_tool_is_reported_and_nothing_is_skipped() {
        Restored restored = PartitionLedger.restore("start-3", 40, "mirrored by hand");

        assertThat(restored).isInstanceOfSatisfying(Restored.MetadataUnused.class, unused -> assertThat(unused.reason())
                .isEqualTo("it was not written by Serai (16 characters)"));
        assertThat(restored.ledger().opened(40)).isEqualTo(Opening.NEW);
    }

    @Test
    void metadata_moved_to_another_offset_is_reported_and_nothing_is_skipped() {
        open(40, 41, 42);
        complete(41);

        Restored restored =
                PartitionLedger.restore("start-3", 41, ledger.committable().metadata());

        assertThat(restored).isInstanceOfSatisfying(Restored.MetadataUnused.class, unused -> assertThat(unused.reason())
                .isEqualTo("it is damaged, or belongs to another offset than 41"));
        assertThat(restored.ledger().completeAboveGapCount()).isZero();
    }

    @Test
    void description_names_the_partition_and_its_counts() {
        open(40, 41, 42);
        complete(42);

        assertThat(ledger).hasToString("start-3: commit 40, next 43, 2 open, 1 complete above the gap");
    }

    @Test
    void million_offsets_with_a_slow_one_per_window_take_well_under_two_seconds() {
        Random random = new Random(1);
        PartitionLedger fast = PartitionLedger.empty("start-3", 0);
        List<Long> running = new ArrayList<>();
        long slow = 0;
        long metadataLength = 0;
        // CPU time, as other work on the machine is not what is measured.
        ThreadMXBean thread = ManagementFactory.getThreadMXBean();
        long begun = thread.getCurrentThreadCpuTime();

        fast.opened(slow);
        for (long offset = 1; offset < 1_000_000; offset++) {
            if (fast.isFull()) {
                fast.completed(slow);
                slow = offset;
                fast.opened(slow);
                continue;
            }
            fast.opened(offset);
            running.add(offset);
            if (running.size() == 512) {
                int any = random.nextInt(running.size());
                fast.completed(running.set(any, running.getLast()));
                running.removeLast();
            }
            if (offset % 100 == 0) {
                metadataLength += fast.committableWith(Set.of(running.getFirst()))
                        .metadata()
                        .length();
            }
        }

        assertThat(Duration.ofNanos(thread.getCurrentThreadCpuTime() - begun)).isLessThan(Duration.ofSeconds(2));
        assertThat(metadataLength).isPositive();
    }

    private void fillWindow() {
        LongStream.range(40, 40 + WINDOW)
                .forEach(offset -> assertThat(ledger.opened(offset)).isEqualTo(Opening.NEW));
    }

    private PartitionLedger restart() {
        CommitPoint commit = ledger.committable();
        Restored restored = PartitionLedger.restore("start-3", commit.offset(), commit.metadata());
        assertThat(restored).isInstanceOf(Restored.Whole.class);
        return restored.ledger();
    }

    private void open(long... offsets) {
        for (long offset : offsets) {
            assertThat(ledger.opened(offset)).isEqualTo(Opening.NEW);
        }
    }

    private void complete(long... offsets) {
        for (long offset : offsets) {
            ledger.completed(offset);
        }
    }
}
