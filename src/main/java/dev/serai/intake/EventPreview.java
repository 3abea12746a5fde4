package dev.serai.intake;

import java.time.Instant;

/**
 * What is known of an event before its turn to be decoded. It decides when that is, and nothing else.
 *
 * @param tenant one that there is
 * @param deadline as decoding will find it, if the event is in order
 */
public record EventPreview(String tenant, Instant deadline) {}
