/**
 * Work that goes on in the background: it survives its own failures, and speaks of them without flooding the log; the watch of
 * a file. Uses the JDK only.
 */
@NullMarked
package dev.serai.loop;

import org.jspecify.annotations.NullMarked;
