package dev.serai.engine.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionLedgerMetadataTest {
    private static final List<LeaderEpochs.Span> EPOCHS = List.of(new LeaderEpochs.Span(40, 7));

    @Test
    void format_stays_readable_for_later_versions() {
        BitSet bitmap = new BitSet();
        bitmap.set(0);
        bitmap.set(9);

        List<LeaderEpochs.Span> epochs = List.of(new LeaderEpochs.Span(40, 7), new LeaderEpochs.Span(300, 4711));

        assertThat(CommitMetadata.encode(40, bitmap, epochs)).isEqualTo("serai:2:58805bd8:0=7,104=1267:AQI");
        assertThat(CommitMetadata.decode(40, "serai:2:58805bd8:0=7,104=1267:AQI"))
                .isEqualTo(new CommitMetadata.Decoded.Completed(bitmap, epochs));
    }

    @Test
    void missing_metadata_means_that_nothing_is_complete() {
        assertThat(CommitMetadata.decode(40, null))
                .isEqualTo(new CommitMetadata.Decoded.Completed(new BitSet(), List.of()));
        assertThat(CommitMetadata.decode(40, ""))
                .isEqualTo(new CommitMetadata.Decoded.Completed(new BitSet(), List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "serai,                it was not written by Serai (5 characters)",
        "'{\"at\":\"12:30\"}', it was not written by Serai (14 characters)",
        "serai:1:anything,     it is of a version other than 2",
        "serai:2:00000000,     it is damaged (3 parts instead of 5)",
        "serai:2:00000000::A,   it is damaged (no base64)",
        "serai:2:00000000::äö,  it is damaged (no base64)",
        "'serai:2:00000000::AQI', 'it is damaged, or belongs to another offset than 40'",
        "'serai:2:00000000:0=7:AQI', 'it is damaged, or belongs to another offset than 40'",
    })
    void unreadable_metadata_says_why(String metadata, String reason) {
        assertThat(CommitMetadata.decode(40, metadata)).isEqualTo(new CommitMetadata.Decoded.Unreadable(reason));
    }

    @Test
    void bitmap_beyond_the_window_is_unreadable() {
        BitSet bitmap = new BitSet();
        bitmap.set(PartitionLedger.WINDOW - 1);

        assertThat(CommitMetadata.decode(40, CommitMetadata.encode(40, bitmap, EPOCHS)))
                .isEqualTo(new CommitMetadata.Decoded.Unreadable(
                        "it reaches 16384 offsets above the committed one, at most 16383 are possible"));
    }

    @Property
    void bitmap_is_read_as_it_was_written(
            @ForAll @LongRange(min = 0) long offset, @ForAll("someBits") Set<Integer> bits) {
        BitSet bitmap = bitmap(bits);

        assertThat(CommitMetadata.decode(
                        offset, CommitMetadata.encode(offset, bitmap, List.of(new LeaderEpochs.Span(offset, 3)))))
                .isEqualTo(new CommitMetadata.Decoded.Completed(bitmap, List.of(new LeaderEpochs.Span(offset, 3))));
    }

    @Property
    void bitmap_of_another_offset_is_never_used(
            @ForAll @LongRange(min = 0) long written,
            @ForAll @LongRange(min = 0) long read,
            @ForAll("someBits") Set<Integer> bits) {
        Assume.that(written != read);

        assertThat(CommitMetadata.decode(read, CommitMetadata.encode(written, bitmap(bits), List.of())))
                .isInstanceOf(CommitMetadata.Decoded.Unreadable.class);
    }

    @Property
    void changed_character_never_changes_the_bitmap(
            @ForAll("someBits") Set<Integer> bits, @ForAll @IntRange(max = 10_000) int where, @ForAll char changed) {
        BitSet bitmap = bitmap(bits);
        StringBuilder text = new StringBuilder(CommitMetadata.encode(40, bitmap, EPOCHS));
        text.setCharAt(where % text.length(), changed);

        assertThat(CommitMetadata.decode(40, text.toString()))
                .satisfiesAnyOf(
                        decoded -> assertThat(decoded).isInstanceOf(CommitMetadata.Decoded.Unreadable.class),
                        decoded -> assertThat(decoded).isEqualTo(new CommitMetadata.Decoded.Completed(bitmap, EPOCHS)));
    }

    @Property
    void shortened_text_is_never_used(
            @ForAll("someBits") Set<Integer> bits, @ForAll @IntRange(max = 10_000) int where) {
        String text = CommitMetadata.encode(40, bitmap(bits), EPOCHS);

        assertThat(CommitMetadata.decode(40, text.substring(0, 1 + where % (text.length() - 1))))
                .isInstanceOf(CommitMetadata.Decoded.Unreadable.class);
    }

    @Property
    void text_of_anybody_is_never_used(@ForAll("texts") String text) {
        assertThat(CommitMetadata.decode(40, text)).isInstanceOf(CommitMetadata.Decoded.Unreadable.class);
    }

    @Provide
    Arbitrary<Set<Integer>> someBits() {
        return Arbitraries.integers()
                .between(0, PartitionLedger.WINDOW - 2)
                .set()
                .ofMinSize(1)
                .ofMaxSize(50);
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> any = Arbitraries.strings().ofMinLength(1).ofMaxLength(60);
        return Arbitraries.of(List.of("", "serai:", "serai:2:", "serai:2:0a1b2c3d:", "serai:2:0a1b2c3d:0=1:"))
                .flatMap(prefix -> any.map(rest -> prefix + rest));
    }

    private static BitSet bitmap(Set<Integer> bits) {
        BitSet bitmap = new BitSet();
        bits.forEach(bitmap::set);
        return bitmap;
    }
}
