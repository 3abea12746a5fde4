/**
 * Mapped intake: a topic of another system's raw events becomes start and end events on the start topic, by a mapping, in
 * the transactions of an engine of its own. The steps are named as {@code routes/intake/} names them.
 */
@NullMarked
package dev.serai.intake;

import org.jspecify.annotations.NullMarked;
