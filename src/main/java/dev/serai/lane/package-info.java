/**
 * Lanes: work of one key in order and one at a time, different keys side by side. {@link dev.serai.lane.KeyedScheduler}
 * is the engine and knows no Camel; {@link dev.serai.lane.LaneComponent} makes it usable as {@code lane:NAME}.
 */
@NullMarked
package dev.serai.lane;

import org.jspecify.annotations.NullMarked;
