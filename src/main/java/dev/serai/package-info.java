/** The main class alone. */
@NullMarked
package dev.serai;

import org.jspecify.annotations.NullMarked;
