/** Merging what an event says itself with what was looked up for it, and saying where each piece came from. */
@NullMarked
package dev.serai.enrich;

import org.jspecify.annotations.NullMarked;
