package dev.serai.service;

import dev.serai.settings.SeraiSettings;
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
    public static StartEventDecoder.Rules of(SeraiSettings settings, Set<String> tenants) {
        SeraiSettings.Conversation conversation = settings.conversation();
        return new StartEventDecoder.Rules(
                conversation.defaultCharacterId(),
                conversation.ttl(),
                conversation.maxClockSkew(),
                conversation.maxEventBytes(),
                settings.connect().allowedOptions(),
                tenants);
    }

    /** Where replies go. */
    public static ReplyTopics replyTopics(SeraiSettings settings) {
        return new ReplyTopics(settings.kafka().replyTopic(), settings.reply().allowedTopics());
    }
}
