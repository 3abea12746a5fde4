package dev.serai.operate.explain;

import dev.serai.operate.letters.ReadRecord;
import dev.serai.wire.DeadLetter;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RecordHeader;
import dev.serai.wire.cloudevents.CloudEvent;
import dev.serai.wire.event.EventPreview;
import dev.serai.wire.event.EventPreviews;
import dev.serai.wire.event.ReplyTopics;
import dev.serai.wire.event.StartEventDecoder;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What the service would make of records of the start topic. Total, as decoding is. Immutable and thread-safe.
 *
 * @param previews by the service's settings
 * @param replyTopics likewise
 */
public record EventReader(EventPreviews previews, ReplyTopics replyTopics) {

    Arrival arrival(ConsumerRecord<byte[], byte[]> read) {
        OriginalRecord event = ReadRecord.original(read);
        EventPreview preview = previews.ofWhole(event, event.timestamp());
        return new Arrival(
                Position.of(read),
                event.timestamp(),
                StartEventDecoder.eventId(event),
                event.conversationKey(),
                CloudEvent.in(event).isPresent(),
                preview.ends(),
                preview.tenant(),
                preview.characterId(),
                preview.deadline(),
                event.headerText(RecordHeader.MAPPED_FROM)
                        .flatMap(Position::parse)
                        .orElse(null),
                DeadLetter.replays(event),
                replyTopics.topicFor(event),
                replyTopics
                        .partition(event)
                        .map(ReplyTopics.Partition::number)
                        .filter(number -> number >= 0)
                        .orElse(null),
                replyTopics.forbidden(event).map(ReplyTopics.Topic::name).orElse(null));
    }
}
