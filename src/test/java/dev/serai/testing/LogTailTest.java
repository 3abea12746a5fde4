package dev.serai.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On logs whose batches hold nothing but their headers; {@code ClusterTest} cuts those of a broker. */
class LogTailTest {
    private static final String FIRST = "00000000000000000000";
    private static final String SECOND = "00000000000000000100";

    @TempDir
    private Path data;

    private Path partition;

    @BeforeEach
    void createPartition() throws IOException {
        partition = Files.createDirectory(data.resolve("events-0"));
    }

    @Test
    void fewestBatchesThatHoldSoManyRecords_areCutOff() throws IOException {
        byte[] kept = bytes(batch(0, 5, 5, false), batch(5, 3, 3, false));
        segment(FIRST, kept, batch(8, 4, 4, false), batch(12, 1, 1, false));

        assertThat(LogTail.cut(partition, 2)).isEqualTo(new LogTail.Lost(8, 13, 5));
        assertThat(log(FIRST)).hasBinaryContent(kept);
    }

    @Test
    void lastSegmentAlone_isCut() throws IOException {
        byte[] untouched = bytes(batch(0, 100, 100, false));
        segment(FIRST, untouched);
        segment(SECOND, batch(100, 2, 2, false), batch(102, 2, 2, false));

        assertThat(LogTail.cut(partition, 50)).isEqualTo(new LogTail.Lost(100, 104, 4));
        assertThat(log(FIRST)).hasBinaryContent(untouched);
        assertThat(log(SECOND)).isEmptyFile();
    }

    @Test
    void endOfATransaction_isCutOffWithItAndIsNoRecord() throws IOException {
        segment(FIRST, batch(0, 2, 2, false), batch(2, 2, 2, false), batch(4, 1, 1, true));

        assertThat(LogTail.cut(partition, 1)).isEqualTo(new LogTail.Lost(2, 5, 2));
    }

    @Test
    void endOfATransaction_isCutOffAlone() throws IOException {
        byte[] kept = bytes(batch(0, 2, 2, false), batch(2, 2, 2, false));
        segment(FIRST, kept, batch(4, 1, 1, true));

        assertThat(LogTail.cutMarker(partition)).isEqualTo(4);
        assertThat(log(FIRST)).hasBinaryContent(kept);
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> LogTail.cutMarker(partition));
    }

    @Test
    void batchWithoutTheRecordsThatCompactionRemoved_endsWhereItEnded() throws IOException {
        segment(FIRST, batch(0, 2, 2, false), batch(2, 10, 3, false));

        assertThat(LogTail.cut(partition, 3)).isEqualTo(new LogTail.Lost(2, 12, 3));
    }

    @Test
    void emptySegment_losesNothing() throws IOException {
        segment(SECOND);

        assertThat(LogTail.cut(partition, 3)).isEqualTo(new LogTail.Lost(100, 100, 0));
    }

    @Test
    void whatWasDerivedFromTheEnd_isDeleted() throws IOException {
        segment(FIRST, batch(0, 100, 100, false));
        segment(SECOND, batch(100, 2, 2, false), batch(102, 2, 2, false));
        List<String> derived = List.of(
                SECOND + ".index",
                SECOND + ".timeindex",
                SECOND + ".txnindex",
                "00000000000000000103.snapshot",
                "00000000000000000104.snapshot");
        List<String> others = List.of(FIRST + ".index", "00000000000000000102.snapshot", "leader-epoch-checkpoint");
        for (String name : derived) {
            Files.createFile(partition.resolve(name));
        }
        for (String name : others) {
            Files.createFile(partition.resolve(name));
        }
        Files.createFile(data.resolve(".kafka_cleanshutdown"));

        LogTail.cut(partition, 1);

        assertThat(derived)
                .allSatisfy(name -> assertThat(partition.resolve(name)).doesNotExist());
        assertThat(others)
                .allSatisfy(name -> assertThat(partition.resolve(name)).exists());
        assertThat(data.resolve(".kafka_cleanshutdown")).doesNotExist();
    }

    @Test
    void halfABatch_isRefused() throws IOException {
        byte[] whole = batch(0, 5, 5, false);
        segment(FIRST, whole, Arrays.copyOf(batch(5, 1, 1, false), 40));

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> LogTail.cut(partition, 1))
                .withMessageContaining("at " + whole.length);
    }

    @Test
    void partitionWithoutLog_isRefused() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> LogTail.cut(partition, 1))
                .withMessageContaining("events-0 holds no segment");
    }

    private Path log(String segment) {
        return partition.resolve(segment + ".log");
    }

    private void segment(String name, byte[]... batches) throws IOException {
        Files.write(log(name), bytes(batches));
    }

    private static byte[] bytes(byte[]... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }

    /** A header as Kafka writes it, field by field. */
    private static byte[] batch(long baseOffset, int offsets, int records, boolean control) {
        return ByteBuffer.allocate(61)
                .putLong(baseOffset)
                .putInt(61 - 12)
                .putInt(7) // leader epoch
                .put((byte) 2) // format
                .putInt(0) // checksum
                .putShort((short) (control ? 0x30 : 0))
                .putInt(offsets - 1)
                .putLong(1_000) // first timestamp
                .putLong(1_000) // last timestamp
                .putLong(-1) // producer
                .putShort((short) -1) // its epoch
                .putInt(-1) // its sequence
                .putInt(records)
                .array();
    }
}
