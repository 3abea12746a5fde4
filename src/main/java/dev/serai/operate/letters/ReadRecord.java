package dev.serai.operate.letters;

import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RecordHeader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What a consumer read, in the words of the wire. Stateless. */
public final class ReadRecord {
    private ReadRecord() {}

    public static OriginalRecord original(ConsumerRecord<byte[], byte[]> read) {
        List<RecordHeader> headers = new ArrayList<>();
        read.headers().forEach(header -> headers.add(new RecordHeader(header.key(), header.value())));
        return new OriginalRecord(
                read.topic(),
                read.partition(),
                read.offset(),
                Instant.ofEpochMilli(read.timestamp()),
                read.key(),
                read.value(),
                headers);
    }
}
