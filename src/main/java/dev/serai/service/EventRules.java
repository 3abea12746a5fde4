package dev.serai.service;

import dev.serai.settings.ReplySettings;
import dev.serai.settings.SeraiSettings;
import dev.serai.wire.cloudevents.CloudEventReplies;
import dev.serai.wire.event.CorrelationHeaders;
import dev.serai.wire.event.Deadlines;
import dev.serai.wire.event.ReplyTopics;
import dev.serai.wire.event.StartEventDecoder;
import java.util.Set;

/** What the settings let events say, wherever one is decoded. Stateless. */
public final class EventRules {
    private EventRules() {}

    /**
     * For {@link StartEventDecoder}.
     *
     * @param tenants whom events may name
     */
    public static StartEventDecoder.Rules of(SeraiSettings settings, Deadlines deadlines, Set<String> tenants) {
        SeraiSettings.Conversation conversation = settings.conversation();
        return new StartEventDecoder.Rules(
                conversation.defaultCharacterId(),
                deadlines,
                conversation.maxEventBytes(),
                settings.connect().allowedOptions(),
                tenants);
    }

    /** Until when events are wanted that do not say so. */
    public static Deadlines deadlines(SeraiSettings settings) {
        return new Deadlines(
                settings.conversation().ttl(),
                settings.reply().defaultTtl(),
                settings.conversation().maxClockSkew(),
                correlation(settings));
    }

    /** What shows that somebody waits for the reply. */
    static CorrelationHeaders correlation(SeraiSettings settings) {
        return new CorrelationHeaders(settings.reply().correlationHeaders());
    }

    /** Where replies go. */
    public static ReplyTopics replyTopics(SeraiSettings settings) {
        ReplySettings reply = settings.reply();
        return new ReplyTopics(
                settings.kafka().replyTopic(), reply.allowedTopics(), reply.topicHeaders(), reply.partitionHeaders());
    }

    /** How replies to CloudEvents are made. */
    static CloudEventReplies cloudEventReplies(SeraiSettings settings) {
        String source = settings.reply().cloudeventsSource();
        return source == null ? CloudEventReplies.ofGroup(settings.kafka().groupId()) : new CloudEventReplies(source);
    }
}
