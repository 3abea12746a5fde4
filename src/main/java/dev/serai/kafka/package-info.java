/** The Kafka topics that Serai needs, and their creation at start-up. */
@NullMarked
package dev.serai.kafka;

import org.jspecify.annotations.NullMarked;
