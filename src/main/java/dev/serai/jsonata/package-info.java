/** JSONata expressions: parsed once, evaluated by many threads at once, within bounds. */
@NullMarked
package dev.serai.jsonata;

import org.jspecify.annotations.NullMarked;
