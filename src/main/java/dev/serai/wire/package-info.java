/**
 * The records on the wire: start events, replies, dead letters, the error categories that they share; how they are written as
 * JSON, and what of them is masked.
 */
@NullMarked
package dev.serai.wire;

import org.jspecify.annotations.NullMarked;
