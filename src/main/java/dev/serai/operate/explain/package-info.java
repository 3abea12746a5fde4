/** The story of one event, a conversation or a room, from what the topics hold and what services say. */
@NullMarked
package dev.serai.operate.explain;

import org.jspecify.annotations.NullMarked;
