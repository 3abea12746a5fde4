package dev.serai.conversation;

import dev.serai.route.OutgoingRecord;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RecordHeader;
import dev.serai.wire.Reply;
import dev.serai.wire.event.ReplyTopics;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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

    /** Of W3C's Trace Context. */
    private static final Set<String> TRACE_HEADERS = Set.of("traceparent", "tracestate");

    private final ReplyTopics topics;
    private final Set<String> correlationHeaders;
    private final boolean withSessionIds;
    private final boolean standIn;
    private final Clock clock;

    /**
     * @param withSessionIds whether replies have the provider's {@code session_id}, a credential
     * @param standIn whether the stand-in answers, and no provider
     */
    public ReplyRecord(
            ReplyTopics topics, Set<String> correlationHeaders, boolean withSessionIds, boolean standIn, Clock clock) {
        this.withSessionIds = withSessionIds;
        this.topics = topics;
        this.correlationHeaders = Set.copyOf(correlationHeaders);
        this.standIn = standIn;
        this.clock = clock;
    }

    /**
     * Whether anybody could recognize a failure reply as theirs: by its key, its topic, a correlation header, or an id
     * that the event named itself.
     */
    public boolean isAddressable(Exchange exchange) {
        Conversation conversation = Conversation.of(exchange);
        if (conversation.outcome().isWithoutReply()) {
            return false;
        }
        OriginalRecord request = conversation.original();
        return request.key() != null
                || topics.requested(request).isPresent()
                || request.headers().stream().anyMatch(header -> correlationHeaders.contains(header.name()))
                || !conversation.eventId().equals(request.position());
    }

    /**
     * Whether somebody waits for the reply to this very record: it has a correlation header of another kind than those that
     * tracing adds to whatever is sent.
     */
    boolean isAwaited(OriginalRecord request) {
        return request.headers().stream()
                .map(RecordHeader::name)
                .anyMatch(name -> correlationHeaders.contains(name) && !TRACE_HEADERS.contains(name));
    }

    /** The topic of this request's reply. */
    String topic(OriginalRecord request) {
        return topics.topicFor(request);
    }

    /** @return the partition that the request names, or null if it names none, or none that there is */
    private @Nullable Integer partition(Conversation conversation, String topic) {
        return topics.partition(conversation.original())
                .map(ReplyTopics.Partition::number)
                .filter(number -> number >= 0)
                .filter(number -> {
                    int there = conversation.delivery().partitions(topic, number + 1);
                    return there == 0 || number < there;
                })
                .orElse(null);
    }

    @Override
    public void process(Exchange exchange) {
        Conversation conversation = Conversation.of(exchange);
        OriginalRecord request = conversation.original();
        Reply reply = EventReply.of(conversation, clock.instant(), withSessionIds, standIn);
        List<RecordHeader> headers = new ArrayList<>(request.headers());
        headers.removeIf(header -> !correlationHeaders.contains(header.name()) || header.isOfService());
        headers.add(new RecordHeader(STATUS_HEADER, reply.status().getBytes(StandardCharsets.UTF_8)));
        String topic = topics.topicFor(request);
        byte[] value = Json.bytes(reply.toJson());
        if (conversation.hasRoom()) {
            conversation.untold().replyWritten(value);
        }
        new OutgoingRecord(topic, partition(conversation, topic), request.key(), value, headers, null)
                .writeTo(exchange, conversation.delivery().outbox());
    }
}
