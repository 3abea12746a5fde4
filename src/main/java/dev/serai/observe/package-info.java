/** What an operator sees: metric names, log fields, health checks. */
@NullMarked
package dev.serai.observe;

import org.jspecify.annotations.NullMarked;
