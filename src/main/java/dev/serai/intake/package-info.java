/** Decoding: from the bytes of a Kafka record to a start event, or to a reason why not. */
@NullMarked
package dev.serai.intake;

import org.jspecify.annotations.NullMarked;
