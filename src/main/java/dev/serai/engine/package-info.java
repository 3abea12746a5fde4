/**
 * From a partition to its committed offset: the consumer that holds the records in flight, and the committer that publishes
 * what they came to with their offsets in one transaction.
 */
@NullMarked
package dev.serai.engine;

import org.jspecify.annotations.NullMarked;
