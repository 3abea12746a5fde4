package dev.serai.engine.ledger;

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
        assertThat(ledger.committable()).isEqualTo(new CommitPoint(40, LeaderEpochs.UNKNOWN, ""));
    }

    @Test
    void everything_complete_commits_the_next_offset() {
        open(40, 41);
        complete(41, 40);

        assertThat(ledger.committable()).isEqualTo(new CommitPoint(42, 0, ""));
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

        assertThat(restarted.opened(40, 0)).isEqualTo(Opening.NEW);
        assertThat(restarted.opened(41, 0)).isEqualTo(Opening.ALREADY_COMPLETE);
        assertThat(restarted.opened(42, 0)).isEqualTo(Opening.NEW);
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
        restarted.opened(40, 0);
        restarted.completed(40);

        assertThat(restarted.committable()).isEqualTo(new CommitPoint(43, 0, ""));
        assertThat(restarted.opened(41, 0)).isEqualTo(Opening.ALREADY_COMPLETE);
        assertThat(restarted.opened(43, 0)).isEqualTo(Opening.NEW);
    }

    @Test
    void gap_is_nothing_to_wait_for() {
        open(45, 1_000);
        complete(45);
        assertThat(ledger.committable()).isEqualTo(new CommitPoint(1_000, 0, ""));

        complete(1_000);
        assertThat(ledger.committable()).isEqualTo(new CommitPoint(1_001, 0, ""));
    }

    @Test
    void gap_of_billions_is_crossed_when_nothing_is_open() {
        open(40);
        complete(40);

        assertThat(ledger.opened(9_000_000_000L, 0)).isEqualTo(Opening.NEW);
        assertThat(ledger.committable()).isEqualTo(new CommitPoint(9_000_000_000L, 0, ""));
    }

    @Test
    void offset_read_again_while_open_is_not_taken_twice() {
        open(40, 41);

        assertThat(ledger.opened(40, 0)).isEqualTo(Opening.ALREADY_OPEN);
        assertThat(ledger.opened(41, 0)).isEqualTo(Opening.ALREADY_OPEN);
        assertThat(ledger.openCount()).isEqualTo(2);
    }

    @Test
    void offset_read_again_after_completion_is_complete_below_and_above_the_gap() {
        open(40, 41, 42);
        complete(40, 42);

        assertThat(ledger.opened(40, 0)).isEqualTo(Opening.ALREADY_COMPLETE);
        assertThat(ledger.opened(42, 0)).isEqualTo(Opening.ALREADY_COMPLETE);
    }

    @Test
    void offset_that_was_passed_over_is_a_regression() {
        open(40, 57);

        assertThatIllegalStateException()
                .isThrownBy(() -> ledger.opened(41, 0))
                .withMessage("offset regression on start-3: 41 after 57");
    }

    @Test
    void offset_below_the_beginning_is_of_a_log_that_was_cut() {
        assertThat(ledger.opened(39, 0)).isEqualTo(Opening.LOG_CUT);
    }

    @Test
    void offset_that_is_used_again_in_a_later_epoch_is_of_a_log_that_was_cut() {
        open(40, 41, 42, 43);
        complete(40, 42);

        assertThat(ledger.opened(40, 1)).as("complete below the gap").isEqualTo(Opening.LOG_CUT);
        assertThat(ledger.opened(41, 1)).as("open").isEqualTo(Opening.LOG_CUT);
        assertThat(ledger.opened(42, 1)).as("complete above the gap").isEqualTo(Opening.LOG_CUT);
        assertThat(ledger.opened(44, 1)).as("new").isEqualTo(Opening.NEW);
        assertThat(ledger.opened(43, 0)).as("read again").isEqualTo(Opening.ALREADY_OPEN);
    }

    @Test
    void cut_keeps_what_lies_below_and_forgets_the_rest() {
        open(40, 41, 42, 43, 44);
        complete(41, 43);

        ledger.cutTo(43);

        assertThat(ledger.openCount()).isEqualTo(2);
        assertThat(ledger.completeAboveGapCount()).isEqualTo(1);
        assertThat(ledger.opened(41, 0)).isEqualTo(Opening.ALREADY_COMPLETE);
        assertThat(ledger.opened(43, 1)).isEqualTo(Opening.NEW);
        complete(40, 42);
        assertThat(ledger.committable()).isEqualTo(new CommitPoint(43, 1, ""));
        complete(43);
        assertThat(ledger.committable()).isEqualTo(new CommitPoint(44, 1, ""));
    }

    @Test
    void cut_below_the_beginning_begins_anew_there() {
        open(40, 41);
        complete(40, 41);

        ledger.cutTo(12);

        assertThat(ledger.committable().offset()).isEqualTo(12);
        assertThat(ledger.opened(12, 1)).isEqualTo(Opening.NEW);
        assertThat(ledger.opened(41, 1)).isEqualTo(Opening.NEW);
    }

    @Test
    void restart_knows_the_epochs_of_what_is_complete_above_the_gap() {
        open(40, 41, 42, 43);
        complete(41, 43);

        assertThat(restart().opened(41, 0)).isEqualTo(Opening.ALREADY_COMPLETE);
        assertThat(restart().opened(41, 1)).isEqualTo(Opening.LOG_CUT);
        PartitionLedger later = restart();
        assertThat(later.opened(40, 0)).isEqualTo(Opening.NEW);
        assertThat(later.opened(43, 1)).isEqualTo(Opening.LOG_CUT);
        later.cutTo(43);
        assertThat(later.opened(43, 1)).isEqualTo(Opening.NEW);
    }

    /** Seen in a long chaos run: a partition that was given on was taken for another log, and read anew from its beginning. */
    @Test
    void restart_does_not_take_records_for_another_log_that_the_last_owner_had_read_beyond() {
        for (long offset = 40; offset < 44; offset++) {
            assertThat(ledger.opened(offset, 5)).isEqualTo(Opening.NEW);
        }
        assertThat(ledger.opened(44, 7)).isEqualTo(Opening.NEW);
        complete(41);

        PartitionLedger later = restart();

        assertThat(later.opened(40, 5)).isEqualTo(Opening.NEW);
        assertThat(later.opened(41, 5)).isEqualTo(Opening.ALREADY_COMPLETE);
        assertThat(later.opened(42, 5)).isEqualTo(Opening.NEW);
        assertThat(later.opened(43, 5)).isEqualTo(Opening.NEW);
        assertThat(later.opened(44, 7)).isEqualTo(Opening.NEW);
    }

    @Test
    void earlier_epoch_behind_a_later_one_is_another_log() {
        assertThat(ledger.opened(40, 5)).isEqualTo(Opening.NEW);

        assertThat(ledger.opened(41, 4)).isEqualTo(Opening.LOG_REPLACED);
        assertThat(ledger.opened(40, 4)).isEqualTo(Opening.LOG_REPLACED);
        assertThat(ledger.opened(3, 4)).isEqualTo(Opening.LOG_REPLACED);
    }

    @Test
    void record_without_an_epoch_is_no_reason_to_doubt_the_log() {
        assertThat(ledger.opened(40, 5)).isEqualTo(Opening.NEW);
        assertThat(ledger.opened(41, LeaderEpochs.UNKNOWN)).isEqualTo(Opening.NEW);

        assertThat(ledger.opened(40, LeaderEpochs.UNKNOWN)).isEqualTo(Opening.ALREADY_OPEN);
        assertThat(ledger.committable().epoch()).isEqualTo(5);
    }

    @Test
    void commit_carries_the_epoch_at_its_offset() {
        assertThat(ledger.opened(40, 3)).isEqualTo(Opening.NEW);
        assertThat(ledger.opened(41, 3)).isEqualTo(Opening.NEW);
        assertThat(ledger.opened(43, 5)).isEqualTo(Opening.NEW);

        complete(40);
        assertThat(ledger.committable()).isEqualTo(new CommitPoint(41, 3, ""));
        complete(41);
        // Offset 42 was a marker of either epoch: the log of the later one reaches as far in any case.
        assertThat(ledger.committable()).isEqualTo(new CommitPoint(43, 5, ""));
    }

    @Test
    void markers_behind_the_last_event_are_passed() {
        open(40);
        complete(40);

        ledger.readUpTo(42, 1);

        assertThat(ledger.committable()).isEqualTo(new CommitPoint(42, 1, ""));
        assertThat(ledger.opened(42, 1)).isEqualTo(Opening.NEW);
    }

    @Test
    void markers_behind_an_open_event_wait_with_it() {
        open(40, 41);
        complete(41);

        ledger.readUpTo(50, 0);

        assertThat(ledger.committable().offset()).isEqualTo(40);
        complete(40);
        assertThat(ledger.committable()).isEqualTo(new CommitPoint(50, 0, ""));
    }

    @Test
    void position_is_no_news_while_the_consumer_has_to_go_back() {
        fillWindow();
        assertThat(ledger.opened(40 + WINDOW, 0)).isEqualTo(Opening.NO_ROOM);

        ledger.readUpTo(41 + WINDOW, 0);
        complete(40);

        assertThat(ledger.opened(40 + WINDOW, 0)).isEqualTo(Opening.NEW);
    }

    @Test
    void epochs_without_number_still_fit_into_the_metadata_and_only_those_are_forgotten() {
        for (int i = 0; i < 200; i++) {
            assertThat(ledger.opened(40 + i, i)).isEqualTo(Opening.NEW);
        }
        for (int i = 1; i < 200; i++) {
            ledger.completed(40 + i);
        }

        PartitionLedger restarted = restart();

        assertThat(ledger.committable().metadata()).hasSizeLessThanOrEqualTo(4_096);
        assertThat(restarted.opened(40, 0)).isEqualTo(Opening.NEW);
        for (int i = 1; i < 200; i++) {
            assertThat(restarted.opened(40 + i, i))
                    .as("offset %d", 40 + i)
                    .isEqualTo(i < CommitMetadata.MOST_EPOCHS ? Opening.ALREADY_COMPLETE : Opening.NEW);
        }
    }

    @Test
    void negative_beginning_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PartitionLedger.restore("start-3", -1, 0, null))
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
        assertThat(ledger.opened(40 + WINDOW, 0)).isEqualTo(Opening.NO_ROOM);
        assertThat(ledger.openCount()).isEqualTo(WINDOW);
    }

    @Test
    void full_window_moves_on_with_its_lowest_offset_only() {
        fillWindow();

        complete(41);
        assertThat(ledger.isFull()).isTrue();
        complete(40);
        assertThat(ledger.isFull()).isFalse();
        assertThat(ledger.opened(40 + WINDOW, 0)).isEqualTo(Opening.NEW);
        assertThat(ledger.opened(41 + WINDOW, 0)).isEqualTo(Opening.NEW);
        assertThat(ledger.isFull()).isTrue();
    }

    @Test
    void offset_beyond_a_wide_gap_fills_the_window_until_it_fits() {
        open(40, 41);
        assertThat(ledger.opened(41 + WINDOW, 0)).isEqualTo(Opening.NO_ROOM);
        assertThat(ledger.isFull()).isTrue();

        complete(40);
        assertThat(ledger.isFull()).isTrue();
        complete(41);
        assertThat(ledger.isFull()).isFalse();
        assertThat(ledger.opened(41 + WINDOW, 0)).isEqualTo(Opening.NEW);
    }

    @Test
    void offset_after_a_refused_one_is_refused_until_the_consumer_went_back() {
        fillWindow();
        ledger.opened(40 + WINDOW, 0);
        complete(40, 41);

        assertThat(ledger.opened(41 + WINDOW, 0)).isEqualTo(Opening.NO_ROOM);
        assertThat(ledger.opened(40 + WINDOW, 0)).isEqualTo(Opening.NEW);
        assertThat(ledger.opened(41 + WINDOW, 0)).isEqualTo(Opening.NEW);
    }

    @Test
    void refused_offset_that_is_gone_when_read_again_is_a_gap() {
        open(40);
        ledger.opened(40 + WINDOW, 0);
        complete(40);

        assertThat(ledger.opened(50 + WINDOW, 0)).isEqualTo(Opening.NO_ROOM);
        assertThat(ledger.isFull()).isFalse();
        assertThat(ledger.opened(50 + WINDOW, 0)).isEqualTo(Opening.NEW);
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
        assertThat(commit.metadata().getBytes(StandardCharsets.UTF_8)).hasSize(2_752);
        assertThat(restart().completeAboveGapCount()).isEqualTo(ledger.completeAboveGapCount());
    }

    @Test
    void metadata_of_another_tool_is_reported_and_nothing_is_skipped() {
        Restored restored = PartitionLedger.restore("start-3", 40, 0, "mirrored by hand");

        assertThat(restored).isInstanceOfSatisfying(Restored.MetadataUnused.class, unused -> assertThat(unused.reason())
                .isEqualTo("it was not written by Serai (16 characters)"));
        assertThat(restored.ledger().opened(40, 0)).isEqualTo(Opening.NEW);
    }

    @Test
    void metadata_moved_to_another_offset_is_reported_and_nothing_is_skipped() {
        open(40, 41, 42);
        complete(41);

        Restored restored =
                PartitionLedger.restore("start-3", 41, 0, ledger.committable().metadata());

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

        fast.opened(slow, 0);
        for (long offset = 1; offset < 1_000_000; offset++) {
            if (fast.isFull()) {
                fast.completed(slow);
                slow = offset;
                fast.opened(slow, 0);
                continue;
            }
            fast.opened(offset, 0);
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
                .forEach(offset -> assertThat(ledger.opened(offset, 0)).isEqualTo(Opening.NEW));
    }

    private PartitionLedger restart() {
        CommitPoint commit = ledger.committable();
        Restored restored = PartitionLedger.restore("start-3", commit.offset(), commit.epoch(), commit.metadata());
        assertThat(restored).isInstanceOf(Restored.Whole.class);
        return restored.ledger();
    }

    private void open(long... offsets) {
        for (long offset : offsets) {
            assertThat(ledger.opened(offset, 0)).isEqualTo(Opening.NEW);
        }
    }

    private void complete(long... offsets) {
        for (long offset : offsets) {
            ledger.completed(offset);
        }
    }
}
