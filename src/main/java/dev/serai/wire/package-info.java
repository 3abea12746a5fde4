/** The records on the wire: start events, replies, dead letters, and the error categories they share. */
@NullMarked
package dev.serai.wire;

import org.jspecify.annotations.NullMarked;
