/** Metric names, log fields and health checks. */
@NullMarked
package dev.serai.observe;

import org.jspecify.annotations.NullMarked;
