/** The Kafka topics that Serai needs, and their creation at start-up. */
@NullMarked
package dev.serai.topic;

import org.jspecify.annotations.NullMarked;
