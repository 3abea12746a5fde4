/** Work that goes on in the background: it survives its own failures, and speaks of them without flooding the log. */
@NullMarked
package dev.serai.loop;

import org.jspecify.annotations.NullMarked;
