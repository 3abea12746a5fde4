/** What an operator sees: metric names, log fields, health. */
@NullMarked
package dev.serai.observe;

import org.jspecify.annotations.NullMarked;
