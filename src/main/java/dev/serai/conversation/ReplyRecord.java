package dev.serai.conversation;

import dev.serai.route.OutgoingRecord;
import dev.serai.wire.DeadLetter;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RecordHeader;
import dev.serai.wire.Reply;
import dev.serai.wire.cloudevents.CloudEventReplies;
import dev.serai.wire.event.CorrelationHeaders;
import dev.serai.wire.event.ReplyTopics;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/**
 * Makes the message the event's reply: same key, correlation headers as they came, on the partition that the request names
 * if there is one. Thread-safe.
 */
public final class ReplyRecord implements Processor {
    /** Says {@code started}, {@code failed} or {@code ended} to readers that do not want to parse. */
    static final String STATUS_HEADER = "serai-status";

    private final ReplyTopics topics;
    private final CorrelationHeaders correlation;
    private final boolean withSessionIds;
    private final boolean standIn;
    private final CloudEventReplies cloudEvents;
    private final Clock clock;

    /**
     * @param cloudEvents what replies to CloudEvents become
     * @param withSessionIds whether replies have the provider's {@code session_id}, a credential
     * @param standIn whether the stand-in answers, and no provider
     */
    public ReplyRecord(
            ReplyTopics topics,
            CorrelationHeaders correlation,
            CloudEventReplies cloudEvents,
            boolean withSessionIds,
            boolean standIn,
            Clock clock) {
        this.cloudEvents = cloudEvents;
        this.withSessionIds = withSessionIds;
        this.topics = topics;
        this.correlation = correlation;
        this.standIn = standIn;
        this.clock = clock;
    }

    /**
     * Whether anybody could recognize a failure reply as theirs: by its key, its topic, a correlation header, or an id
     * that the event named itself.
     */
    public boolean isAddressable(Exchange exchange) {
        EventInFlight inFlight = EventInFlight.of(exchange);
        if (inFlight.settlement().isWithoutReply()) {
            return false;
        }
        OriginalRecord request = inFlight.original();
        return request.key() != null
                || topics.requested(request).isPresent()
                || !correlation.of(request).isEmpty()
                || !inFlight.eventId().equals(request.position());
    }

    /** Whether somebody waits for the reply to this very record. */
    boolean isAwaited(OriginalRecord request) {
        return correlation.awaited(request).isPresent();
    }

    /** The topic of this request's reply. */
    String topic(OriginalRecord request) {
        return topics.topicFor(request);
    }

    /** @return the partition that the request names, or null if it names none, or none that there is */
    private @Nullable Integer partition(EventInFlight inFlight, String topic) {
        return topics.partition(inFlight.original())
                .map(ReplyTopics.Partition::number)
                .filter(number -> number >= 0)
                .filter(number -> {
                    int there = inFlight.delivery().partitions(topic, number + 1);
                    return there == 0 || number < there;
                })
                .orElse(null);
    }

    @Override
    public void process(Exchange exchange) {
        EventInFlight inFlight = EventInFlight.of(exchange);
        OriginalRecord request = inFlight.original();
        Instant now = clock.instant();
        Reply reply = EventReply.of(inFlight, now, withSessionIds, standIn);
        List<RecordHeader> headers = new ArrayList<>(correlation.of(request));
        headers.add(text(STATUS_HEADER, reply.status()));
        if (reply instanceof Reply.Failed failed) {
            headers.add(
                    text(DeadLetter.CATEGORY_HEADER, failed.failure().category().wireName()));
        }
        String topic = topics.topicFor(request);
        byte[] value = Json.bytes(reply.toJson());
        if (inFlight.hasRoom()) {
            inFlight.untold().replyWritten(value);
        }
        UnaryOperator<byte[]> envelope = cloudEvents.addTo(headers, reply, request, inFlight.eventId(), now);
        new OutgoingRecord(topic, partition(inFlight, topic), request.key(), value, headers, null)
                .writeTo(exchange, inFlight.delivery().outbox(), envelope);
    }

    private static RecordHeader text(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
