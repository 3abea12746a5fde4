/**
 * A look at files before anything runs: events, mappings with their samples, look-up tables. Without Kafka, without a
 * provider, without the service; what it says of an event, the service's own classes say.
 */
@NullMarked
package dev.serai.check;

import org.jspecify.annotations.NullMarked;
