package dev.serai.routes;

import dev.serai.wire.RecordHeader;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Record headers that can be compared. */
final class Headers {
    private Headers() {}

    static List<RecordHeader> of(ConsumerRecord<?, ?> kafkaRecord) {
        List<RecordHeader> all = new ArrayList<>();
        kafkaRecord.headers().forEach(header -> all.add(new RecordHeader(header.key(), header.value())));
        return all;
    }
}
