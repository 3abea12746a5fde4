/** Dead letters: what is among them, what to do about it, and how they are published again, each once. */
@NullMarked
package dev.serai.operate.letters;

import org.jspecify.annotations.NullMarked;
