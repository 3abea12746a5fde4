package dev.serai.engine.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The text in which a commit remembers what is complete above its offset: {@code serai:2:CHECKSUM:EPOCHS:BITMAP}, or
 * nothing if nothing is. Bit {@code i} of the bitmap, in base64, stands for the offset {@code committed + 1 + i}; the
 * committed offset itself is never complete and has no bit.
 *
 * <p>EPOCHS says which leader epochs those offsets were read in: {@code DISTANCE=EPOCH} for each change, separated by
 * commas, in hexadecimal, with the distance from the committed offset. An offset that comes with another epoch is another
 * record.
 *
 * <p>The checksum, a CRC-32C in hexadecimal, covers the committed offset, the epochs and the bitmap. The bitmap counts
 * from that offset, so with any other one it would have events skipped that never ran; and there are tools that move a
 * group's offset and copy its metadata (MirrorMaker's checkpoints do).
 *
 * <p>Length: {@value PartitionLedger#WINDOW} offsets are 2,048 bytes, 2,731 characters of base64; {@value #MOST_EPOCHS}
 * epochs are 14 characters each at most, 1,120 together; 3,869 with what stands before them. Kafka's default
 * {@code offset.metadata.max.bytes} is 4,096. No compression, as it always fits. Of more changes of the epoch than that
 * within one window nothing is remembered: what is complete there runs again after a restart.
 */
final class CommitMetadata {
    static final int MOST_EPOCHS = 80;

    private static final String PREFIX = "serai:";
    private static final String VERSION = "2";

    private CommitMetadata() {}

    sealed interface Decoded {
        /** Bit {@code i} stands for the offset {@code committed + 1 + i}. */
        record Completed(BitSet bitmap, List<LeaderEpochs.Span> epochs) implements Decoded {}

        record Unreadable(String reason) implements Decoded {}
    }

    /**
     * @param bitmap not changed
     * @param epochs of the committed offset and those above it, ascending
     */
    static String encode(long committedOffset, BitSet bitmap, List<LeaderEpochs.Span> epochs) {
        BitSet remembered = bitmap;
        List<LeaderEpochs.Span> known = epochs;
        if (epochs.size() > MOST_EPOCHS) {
            int firstBit = Math.toIntExact(epochs.get(MOST_EPOCHS).from() - committedOffset - 1);
            remembered = bitmap.get(0, firstBit);
            known = epochs.subList(0, MOST_EPOCHS);
        }
        if (remembered.isEmpty()) {
            return "";
        }
        byte[] bytes = remembered.toByteArray();
        String spans = known.stream()
                .map(span -> Long.toHexString(span.from() - committedOffset) + "=" + Integer.toHexString(span.epoch()))
                .collect(Collectors.joining(","));
        return PREFIX + VERSION + ":" + checksum(committedOffset, spans, bytes) + ":" + spans + ":"
                + Base64.getEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Never throws, whatever the text is: it can be another tool's. */
    static Decoded decode(long committedOffset, @Nullable String metadata) {
        if (metadata == null || metadata.isEmpty()) {
            return new Decoded.Completed(new BitSet(), List.of());
        }
        String[] parts = metadata.split(":", -1);
        if (!metadata.startsWith(PREFIX) || parts.length < 2) {
            return new Decoded.Unreadable("it was not written by Serai (" + metadata.length() + " characters)");
        }
        if (!parts[1].equals(VERSION)) {
            return new Decoded.Unreadable("it is of a version other than " + VERSION);
        }
        if (parts.length != 5) {
            return new Decoded.Unreadable("it is damaged (" + parts.length + " parts instead of 5)");
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(parts[4]);
        } catch (IllegalArgumentException e) {
            return new Decoded.Unreadable("it is damaged (no base64)");
        }
        if (!parts[2].equals(checksum(committedOffset, parts[3], bytes))) {
            return new Decoded.Unreadable("it is damaged, or belongs to another offset than " + committedOffset);
        }
        BitSet bitmap = BitSet.valueOf(bytes);
        if (bitmap.length() >= PartitionLedger.WINDOW) {
            return new Decoded.Unreadable("it reaches " + bitmap.length() + " offsets above the committed one, at most "
                    + (PartitionLedger.WINDOW - 1) + " are possible");
        }
        try {
            return new Decoded.Completed(bitmap, spans(committedOffset, parts[3]));
        } catch (IllegalArgumentException e) {
            return new Decoded.Unreadable("it is damaged (no leader epochs)");
        }
    }

    private static List<LeaderEpochs.Span> spans(long committedOffset, String text) {
        List<LeaderEpochs.Span> spans = new ArrayList<>();
        for (String span : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            int separator = span.indexOf('=');
            if (separator < 0) {
                throw new IllegalArgumentException("no epoch");
            }
            spans.add(new LeaderEpochs.Span(
                    committedOffset + Integer.parseUnsignedInt(span.substring(0, separator), 16),
                    Integer.parseUnsignedInt(span.substring(separator + 1), 16)));
        }
        return spans;
    }

    private static String checksum(long committedOffset, String spans, byte[] bitmap) {
        CRC32C checksum = new CRC32C();
        checksum.update(ByteBuffer.allocate(Long.BYTES).putLong(0, committedOffset));
        checksum.update(spans.getBytes(StandardCharsets.US_ASCII));
        checksum.update(bitmap);
        return HexFormat.of().toHexDigits((int) checksum.getValue());
    }
}
