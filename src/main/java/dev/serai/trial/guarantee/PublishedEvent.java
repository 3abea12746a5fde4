package dev.serai.trial.guarantee;

/**
 * An event that Kafka has acknowledged.
 *
 * @param eventId differs from that of every other event of the run
 * @param conversation the record's key
 * @param fresh whether it asks for a session of its own
 * @param flawed whether it has a mistake for which it must be rejected
 */
public record PublishedEvent(String eventId, String conversation, String characterId, boolean fresh, boolean flawed) {}
