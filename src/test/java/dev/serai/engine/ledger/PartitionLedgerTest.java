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
        read(40, 41);
        complete(41, 40);

        assertThat(ledger.committable()).isEqualTo(new CommitPoint(42, 0, ""));
    }

    @Test
    void lowest_open_offset_holds_the_commit() {
        read(40, 41, 42);
        complete(40, 42);

        assertThat(ledger.committable().offset()).isEqualTo(41);
        assertThat(ledger.inFlightCount()).isEqualTo(1);
        assertThat(ledger.completeAboveGapCount()).isEqualTo(1);
    }

    @Test
    void complete_offset_above_an_open_one_is_skipped_after_a_restart() {
        read(40, 41, 42);
        complete(41);

        PartitionLedger restarted = restart();

        assertThat(restarted.read(40, 0)).isEqualTo(ReadOutcome.NEW);
        assertThat(restarted.read(41, 0)).isEqualTo(ReadOutcome.ALREADY_COMPLETE);
        assertThat(restarted.read(42, 0)).isEqualTo(ReadOutcome.NEW);
    }

    @Test
    void restored_offsets_stay_in_the_metadata_until_they_are_read() {
        read(40, 41, 42, 43);
        complete(41, 43);

        assertThat(restart().committable()).isEqualTo(ledger.committable());
    }

    @Test
    void restored_run_above_the_last_open_offset_is_committed_with_it() {
        read(40, 41, 42);
        complete(41, 42);

        PartitionLedger restarted = restart();
        restarted.read(40, 0);
        restarted.completed(40);

        assertThat(restarted.committable()).isEqualTo(new CommitPoint(43, 0, ""));
        assertThat(restarted.read(41, 0)).isEqualTo(ReadOutcome.ALREADY_COMPLETE);
        assertThat(restarted.read(43, 0)).isEqualTo(ReadOutcome.NEW);
    }

    @Test
    void gap_is_nothing_to_wait_for() {
        read(45, 1_000);
        complete(45);
        assertThat(ledger.committable()).isEqualTo(new CommitPoint(1_000, 0, ""));

        complete(1_000);
        assertThat(ledger.committable()).isEqualTo(new CommitPoint(1_001, 0, ""));
    }

    @Test
    void gap_of_billions_is_crossed_when_nothing_is_open() {
        read(40);
        complete(40);

        assertThat(ledger.read(9_000_000_000L, 0)).isEqualTo(ReadOutcome.NEW);
        assertThat(ledger.committable()).isEqualTo(new CommitPoint(9_000_000_000L, 0, ""));
    }

    @Test
    void offset_read_again_while_open_is_not_taken_twice() {
        read(40, 41);

        assertThat(ledger.read(40, 0)).isEqualTo(ReadOutcome.ALREADY_IN_FLIGHT);
        assertThat(ledger.read(41, 0)).isEqualTo(ReadOutcome.ALREADY_IN_FLIGHT);
        assertThat(ledger.inFlightCount()).isEqualTo(2);
    }

    @Test
    void offset_read_again_after_completion_is_complete_below_and_above_the_gap() {
        read(40, 41, 42);
        complete(40, 42);

        assertThat(ledger.read(40, 0)).isEqualTo(ReadOutcome.ALREADY_COMPLETE);
        assertThat(ledger.read(42, 0)).isEqualTo(ReadOutcome.ALREADY_COMPLETE);
    }

    @Test
    void offset_that_was_passed_over_is_a_regression() {
        read(40, 57);

        assertThatIllegalStateException()
                .isThrownBy(() -> ledger.read(41, 0))
                .withMessage("offset regression on start-3: 41 after 57");
    }

    @Test
    void offset_below_the_beginning_is_of_a_log_that_was_cut() {
        assertThat(ledger.read(39, 0)).isEqualTo(ReadOutcome.LOG_CUT);
    }

    @Test
    void offset_that_is_used_again_in_a_later_epoch_is_of_a_log_that_was_cut() {
        read(40, 41, 42, 43);
        complete(40, 42);

        assertThat(ledger.read(40, 1)).as("complete below the gap").isEqualTo(ReadOutcome.LOG_CUT);
        assertThat(ledger.read(41, 1)).as("in flight").isEqualTo(ReadOutcome.LOG_CUT);
        assertThat(ledger.read(42, 1)).as("complete above the gap").isEqualTo(ReadOutcome.LOG_CUT);
        assertThat(ledger.read(44, 1)).as("new").isEqualTo(ReadOutcome.NEW);
        assertThat(ledger.read(43, 0)).as("read again").isEqualTo(ReadOutcome.ALREADY_IN_FLIGHT);
    }

    @Test
    void cut_keeps_what_lies_below_and_forgets_the_rest() {
        read(40, 41, 42, 43, 44);
        complete(41, 43);

        ledger.cutTo(43);

        assertThat(ledger.inFlightCount()).isEqualTo(2);
        assertThat(ledger.completeAboveGapCount()).isEqualTo(1);
        assertThat(ledger.read(41, 0)).isEqualTo(ReadOutcome.ALREADY_COMPLETE);
        assertThat(ledger.read(43, 1)).isEqualTo(ReadOutcome.NEW);
        complete(40, 42);
        assertThat(ledger.committable()).isEqualTo(new CommitPoint(43, 1, ""));
        complete(43);
        assertThat(ledger.committable()).isEqualTo(new CommitPoint(44, 1, ""));
    }

    @Test
    void cut_below_the_beginning_begins_anew_there() {
        read(40, 41);
        complete(40, 41);

        ledger.cutTo(12);

        assertThat(ledger.committable().offset()).isEqualTo(12);
        assertThat(ledger.read(12, 1)).isEqualTo(ReadOutcome.NEW);
        assertThat(ledger.read(41, 1)).isEqualTo(ReadOutcome.NEW);
    }

    @Test
    void restart_knows_the_epochs_of_what_is_complete_above_the_gap() {
        read(40, 41, 42, 43);
        complete(41, 43);

        assertThat(restart().read(41, 0)).isEqualTo(ReadOutcome.ALREADY_COMPLETE);
        assertThat(restart().read(41, 1)).isEqualTo(ReadOutcome.LOG_CUT);
        PartitionLedger later = restart();
        assertThat(later.read(40, 0)).isEqualTo(ReadOutcome.NEW);
        assertThat(later.read(43, 1)).isEqualTo(ReadOutcome.LOG_CUT);
        later.cutTo(43);
        assertThat(later.read(43, 1)).isEqualTo(ReadOutcome.NEW);
    }

    /** Seen in a long chaos run: a partition that was given on was taken for another log, and read anew from its beginning. */
    @Test
    void restart_does_not_take_records_for_another_log_that_the_last_owner_had_read_beyond() {
        for (long offset = 40; offset < 44; offset++) {
            assertThat(ledger.read(offset, 5)).isEqualTo(ReadOutcome.NEW);
        }
        assertThat(ledger.read(44, 7)).isEqualTo(ReadOutcome.NEW);
        complete(41);

        PartitionLedger later = restart();

        assertThat(later.read(40, 5)).isEqualTo(ReadOutcome.NEW);
        assertThat(later.read(41, 5)).isEqualTo(ReadOutcome.ALREADY_COMPLETE);
        assertThat(later.read(42, 5)).isEqualTo(ReadOutcome.NEW);
        assertThat(later.read(43, 5)).isEqualTo(ReadOutcome.NEW);
        assertThat(later.read(44, 7)).isEqualTo(ReadOutcome.NEW);
    }

    @Test
    void earlier_epoch_behind_a_later_one_is_another_log() {
        assertThat(ledger.read(40, 5)).isEqualTo(ReadOutcome.NEW);

        assertThat(ledger.read(41, 4)).isEqualTo(ReadOutcome.LOG_REPLACED);
        assertThat(ledger.read(40, 4)).isEqualTo(ReadOutcome.LOG_REPLACED);
        assertThat(ledger.read(3, 4)).isEqualTo(ReadOutcome.LOG_REPLACED);
    }

    @Test
    void record_without_an_epoch_is_no_reason_to_doubt_the_log() {
        assertThat(ledger.read(40, 5)).isEqualTo(ReadOutcome.NEW);
        assertThat(ledger.read(41, LeaderEpochs.UNKNOWN)).isEqualTo(ReadOutcome.NEW);

        assertThat(ledger.read(40, LeaderEpochs.UNKNOWN)).isEqualTo(ReadOutcome.ALREADY_IN_FLIGHT);
        assertThat(ledger.committable().epoch()).isEqualTo(5);
    }

    @Test
    void commit_carries_the_epoch_at_its_offset() {
        assertThat(ledger.read(40, 3)).isEqualTo(ReadOutcome.NEW);
        assertThat(ledger.read(41, 3)).isEqualTo(ReadOutcome.NEW);
        assertThat(ledger.read(43, 5)).isEqualTo(ReadOutcome.NEW);

        complete(40);
        assertThat(ledger.committable()).isEqualTo(new CommitPoint(41, 3, ""));
        complete(41);
        // Offset 42 was a marker of either epoch: the log of the later one reaches as far in any case.
        assertThat(ledger.committable()).isEqualTo(new CommitPoint(43, 5, ""));
    }

    @Test
    void markers_behind_the_last_event_are_passed() {
        read(40);
        complete(40);

        ledger.readUpTo(42, 1);

        assertThat(ledger.committable()).isEqualTo(new CommitPoint(42, 1, ""));
        assertThat(ledger.read(42, 1)).isEqualTo(ReadOutcome.NEW);
    }

    @Test
    void markers_behind_an_open_event_wait_with_it() {
        read(40, 41);
        complete(41);

        ledger.readUpTo(50, 0);

        assertThat(ledger.committable().offset()).isEqualTo(40);
        complete(40);
        assertThat(ledger.committable()).isEqualTo(new CommitPoint(50, 0, ""));
    }

    @Test
    void position_is_no_news_while_the_consumer_has_to_go_back() {
        fillWindow();
        assertThat(ledger.read(40 + WINDOW, 0)).isEqualTo(ReadOutcome.WINDOW_FULL);

        ledger.readUpTo(41 + WINDOW, 0);
        complete(40);

        assertThat(ledger.read(40 + WINDOW, 0)).isEqualTo(ReadOutcome.NEW);
    }

    @Test
    void epochs_without_number_still_fit_into_the_metadata_and_only_those_are_forgotten() {
        for (int i = 0; i < 200; i++) {
            assertThat(ledger.read(40 + i, i)).isEqualTo(ReadOutcome.NEW);
        }
        for (int i = 1; i < 200; i++) {
            ledger.completed(40 + i);
        }

        PartitionLedger restarted = restart();

        assertThat(ledger.committable().metadata()).hasSizeLessThanOrEqualTo(4_096);
        assertThat(restarted.read(40, 0)).isEqualTo(ReadOutcome.NEW);
        for (int i = 1; i < 200; i++) {
            assertThat(restarted.read(40 + i, i))
                    .as("offset %d", 40 + i)
                    .isEqualTo(i < CommitMetadata.MOST_EPOCHS ? ReadOutcome.ALREADY_COMPLETE : ReadOutcome.NEW);
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
        read(42, 44);

        assertThatIllegalStateException()
                .isThrownBy(() -> ledger.completed(offset))
                .withMessage("offset " + offset + " of start-3 is not in flight: it was never read");
    }

    @Test
    void second_completion_is_an_error_below_and_above_the_gap() {
        read(40, 41, 42);
        complete(40, 42);

        assertThatIllegalStateException()
                .isThrownBy(() -> ledger.completed(40))
                .withMessage("offset 40 of start-3 is not in flight: it is complete already");
        assertThatIllegalStateException()
                .isThrownBy(() -> ledger.completed(42))
                .withMessage("offset 42 of start-3 is not in flight: it is complete already");
    }

    @Test
    void commit_ahead_of_completion_is_what_the_commit_will_be() {
        read(40, 41, 42, 43);
        CommitPoint before = ledger.committable();

        CommitPoint ahead = ledger.committableWith(Set.of(40L, 42L));

        assertThat(ledger.committable()).isEqualTo(before);
        assertThat(ledger.inFlightCount()).isEqualTo(4);
        complete(40, 42);
        assertThat(ledger.committable()).isEqualTo(ahead);
    }

    @Test
    void commit_ahead_of_completion_refuses_what_is_not_open() {
        read(40);

        assertThatIllegalStateException()
                .isThrownBy(() -> ledger.committableWith(Set.of(40L, 41L)))
                .withMessage("offset 41 of start-3 is not in flight: it was never read");
        assertThat(ledger.inFlightCount()).isEqualTo(1);
    }

    @Test
    void window_is_full_at_its_last_offset() {
        fillWindow();

        assertThat(ledger.isFull()).isTrue();
        assertThat(ledger.read(40 + WINDOW, 0)).isEqualTo(ReadOutcome.WINDOW_FULL);
        assertThat(ledger.inFlightCount()).isEqualTo(WINDOW);
    }

    @Test
    void full_window_moves_on_with_its_lowest_offset_only() {
        fillWindow();

        complete(41);
        assertThat(ledger.isFull()).isTrue();
        complete(40);
        assertThat(ledger.isFull()).isFalse();
        assertThat(ledger.read(40 + WINDOW, 0)).isEqualTo(ReadOutcome.NEW);
        assertThat(ledger.read(41 + WINDOW, 0)).isEqualTo(ReadOutcome.NEW);
        assertThat(ledger.isFull()).isTrue();
    }

    @Test
    void offset_beyond_a_wide_gap_fills_the_window_until_it_fits() {
        read(40, 41);
        assertThat(ledger.read(41 + WINDOW, 0)).isEqualTo(ReadOutcome.WINDOW_FULL);
        assertThat(ledger.isFull()).isTrue();

        complete(40);
        assertThat(ledger.isFull()).isTrue();
        complete(41);
        assertThat(ledger.isFull()).isFalse();
        assertThat(ledger.read(41 + WINDOW, 0)).isEqualTo(ReadOutcome.NEW);
    }

    @Test
    void offset_after_a_refused_one_is_refused_until_the_consumer_went_back() {
        fillWindow();
        ledger.read(40 + WINDOW, 0);
        complete(40, 41);

        assertThat(ledger.read(41 + WINDOW, 0)).isEqualTo(ReadOutcome.WINDOW_FULL);
        assertThat(ledger.read(40 + WINDOW, 0)).isEqualTo(ReadOutcome.NEW);
        assertThat(ledger.read(41 + WINDOW, 0)).isEqualTo(ReadOutcome.NEW);
    }

    @Test
    void refused_offset_that_is_gone_when_read_again_is_a_gap() {
        read(40);
        ledger.read(40 + WINDOW, 0);
        complete(40);

        assertThat(ledger.read(50 + WINDOW, 0)).isEqualTo(ReadOutcome.WINDOW_FULL);
        assertThat(ledger.isFull()).isFalse();
        assertThat(ledger.read(50 + WINDOW, 0)).isEqualTo(ReadOutcome.NEW);
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
        assertThat(restored.ledger().read(40, 0)).isEqualTo(ReadOutcome.NEW);
    }

    @Test
    void metadata_moved_to_another_offset_is_reported_and_nothing_is_skipped() {
        read(40, 41, 42);
        complete(41);

        Restored restored =
                PartitionLedger.restore("start-3", 41, 0, ledger.committable().metadata());

        assertThat(restored).isInstanceOfSatisfying(Restored.MetadataUnused.class, unused -> assertThat(unused.reason())
                .isEqualTo("it is damaged, or belongs to another offset than 41"));
        assertThat(restored.ledger().completeAboveGapCount()).isZero();
    }

    @Test
    void description_names_the_partition_and_its_counts() {
        read(40, 41, 42);
        complete(42);

        assertThat(ledger).hasToString("start-3: commit 40, next 43, 2 in flight, 1 complete above the gap");
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

        fast.read(slow, 0);
        for (long offset = 1; offset < 1_000_000; offset++) {
            if (fast.isFull()) {
                fast.completed(slow);
                slow = offset;
                fast.read(slow, 0);
                continue;
            }
            fast.read(offset, 0);
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
                .forEach(offset -> assertThat(ledger.read(offset, 0)).isEqualTo(ReadOutcome.NEW));
    }

    private PartitionLedger restart() {
        CommitPoint commit = ledger.committable();
        Restored restored = PartitionLedger.restore("start-3", commit.offset(), commit.epoch(), commit.metadata());
        assertThat(restored).isInstanceOf(Restored.Whole.class);
        return restored.ledger();
    }

    private void read(long... offsets) {
        for (long offset : offsets) {
            assertThat(ledger.read(offset, 0)).isEqualTo(ReadOutcome.NEW);
        }
    }

    private void complete(long... offsets) {
        for (long offset : offsets) {
            ledger.completed(offset);
        }
    }
}
