/** Decoding: from the bytes of a Kafka record to a start event, or to a reason why not. */
@NullMarked
package dev.serai.wire.event;

import org.jspecify.annotations.NullMarked;
