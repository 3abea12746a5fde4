/** CloudEvents 1.0 in records of Kafka, as the protocol binding says and as its implementations differ. */
@NullMarked
package dev.serai.wire.cloudevents;

import org.jspecify.annotations.NullMarked;
