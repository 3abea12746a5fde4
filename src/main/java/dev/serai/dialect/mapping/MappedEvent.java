package dev.serai.dialect.mapping;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * An event for the start topic.
 *
 * @param conversationKey the key of its record: 1 to 512 characters
 * @param event a start event or an end event, which its schema allows, complete with the intake's defaults; never to be
 *     changed
 */
public record MappedEvent(String conversationKey, ObjectNode event) {
    /** Neither key nor event: both are personal data. */
    @Override
    public String toString() {
        return "MappedEvent[" + event.path("action").asText("start") + "]";
    }
}
