/**
 * Enriching an event: look-ups with their cache, limits and guards, the shapes that answers take, and where each piece came from.
 */
@NullMarked
package dev.serai.source;

import org.jspecify.annotations.NullMarked;
