package dev.serai.ledger;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The text in which a commit remembers what is complete above its offset: {@code serai:1:CHECKSUM:BITMAP}, or nothing
 * if nothing is. Bit {@code i} of the bitmap, in base64, stands for the offset {@code committed + 1 + i}; the committed
 * offset itself is never complete and has no bit.
 *
 * <p>The checksum, a CRC-32C in hexadecimal, covers the committed offset and the bitmap. The bitmap counts from that
 * offset, so with any other one it would have events skipped that never ran; and there are tools that move a group's
 * offset and copy its metadata (MirrorMaker's checkpoints do).
 *
 * <p>Length: {@value PartitionLedger#WINDOW} offsets are 2,048 bytes, 2,731 characters of base64, and 2,748 with what
 * stands before it; Kafka's default {@code offset.metadata.max.bytes} is 4,096. No compression, as it always fits.
 */
final class CommitMetadata {
    private static final String PREFIX = "serai:";
    private static final String VERSION = "1";

    private CommitMetadata() {}

    sealed interface Decoded {
        /** Bit {@code i} stands for the offset {@code committed + 1 + i}. */
        record Completed(BitSet bitmap) implements Decoded {}

        record Unreadable(String reason) implements Decoded {}
    }

    static String encode(long committedOffset, BitSet bitmap) {
        if (bitmap.isEmpty()) {
            return "";
        }
        byte[] bytes = bitmap.toByteArray();
        return PREFIX + VERSION + ":" + checksum(committedOffset, bytes) + ":"
                + Base64.getEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Never throws, whatever the text is: it can be another tool's. */
    static Decoded decode(long committedOffset, @Nullable String metadata) {
        if (metadata == null || metadata.isEmpty()) {
            return new Decoded.Completed(new BitSet());
        }
        String[] parts = metadata.split(":", -1);
        if (!metadata.startsWith(PREFIX) || parts.length < 2) {
            return new Decoded.Unreadable("it was not written by Serai (" + metadata.length() + " characters)");
        }
        if (!parts[1].equals(VERSION)) {
            return new Decoded.Unreadable("it is of a version other than " + VERSION);
        }
        if (parts.length != 4) {
            return new Decoded.Unreadable("it is damaged (" + parts.length + " parts instead of 4)");
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(parts[3]);
        } catch (IllegalArgumentException e) {
            return new Decoded.Unreadable("it is damaged (no base64)");
        }
        if (!parts[2].equals(checksum(committedOffset, bytes))) {
            return new Decoded.Unreadable("it is damaged, or belongs to another offset than " + committedOffset);
        }
        BitSet bitmap = BitSet.valueOf(bytes);
        if (bitmap.length() >= PartitionLedger.WINDOW) {
            return new Decoded.Unreadable("it reaches " + bitmap.length() + " offsets above the committed one, at most "
                    + (PartitionLedger.WINDOW - 1) + " are possible");
        }
        return new Decoded.Completed(bitmap);
    }

    private static String checksum(long committedOffset, byte[] bitmap) {
        CRC32C checksum = new CRC32C();
        checksum.update(ByteBuffer.allocate(Long.BYTES).putLong(0, committedOffset));
        checksum.update(bitmap);
        return HexFormat.of().toHexDigits((int) checksum.getValue());
    }
}
