/** The main class: wiring, top to bottom. */
@NullMarked
package dev.serai;

import org.jspecify.annotations.NullMarked;
