package dev.serai.batch.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serai.wire.Digests;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/**
 * The ids of rows, and which line has each: 12 bytes for each place of a table that is at most three quarters full. Ids are
 * told apart by the first 64 bits of their SHA-256: among a million, two are taken for one once in 37 million files. For one
 * thread.
 */
final class RowIds {
    private final MessageDigest sha = Digests.sha256();
    private long[] hashes = new long[1 << 10];
    private int[] lines = new int[1 << 10];
    private int count;

    /**
     * Takes an id in.
     *
     * @param line from 1 on
     * @return the line that has it already; 0 if none has
     */
    int put(String id, long line) {
        if (count >= hashes.length / 4 * 3) {
            grow();
        }
        long hash = ByteBuffer.wrap(sha.digest(id.getBytes(UTF_8))).getLong();
        int place = place(hash);
        if (lines[place] != 0) {
            return lines[place];
        }
        hashes[place] = hash;
        lines[place] = (int) Math.min(line, Integer.MAX_VALUE);
        count++;
        return 0;
    }

    private int place(long hash) {
        int place = (int) hash & hashes.length - 1;
        while (lines[place] != 0 && hashes[place] != hash) {
            place = place + 1 & hashes.length - 1;
        }
        return place;
    }

    private void grow() {
        long[] oldHashes = hashes;
        int[] oldLines = lines;
        hashes = new long[2 * oldHashes.length];
        lines = new int[2 * oldLines.length];
        for (int at = 0; at < oldHashes.length; at++) {
            if (oldLines[at] != 0) {
                int place = place(oldHashes[at]);
                hashes[place] = oldHashes[at];
                lines[place] = oldLines[at];
            }
        }
    }
}
