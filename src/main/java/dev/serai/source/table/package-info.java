/** Tables that events are enriched from, held in memory: a compacted topic, a file. */
@NullMarked
package dev.serai.source.table;

import org.jspecify.annotations.NullMarked;
