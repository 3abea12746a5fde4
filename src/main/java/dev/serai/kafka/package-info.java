/**
 * What several slices need of Kafka: topics and rights, and their look at the start; compacted topics read from end to end; a
 * writer with transactions; whether Kafka is there.
 */
@NullMarked
package dev.serai.kafka;

import org.jspecify.annotations.NullMarked;
