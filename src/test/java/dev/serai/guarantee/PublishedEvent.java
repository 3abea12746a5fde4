package dev.serai.guarantee;

/**
 * An event that Kafka has acknowledged.
 *
 * @param eventId differs from that of every other event of the run
 * @param conversation the record's key
 * @param fresh whether it asks for a session of its own
 */
public record PublishedEvent(String eventId, String conversation, String characterId, boolean fresh) {}
