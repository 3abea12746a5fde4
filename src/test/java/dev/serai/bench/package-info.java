/**
 * The benchmark behind {@code ./serai bench}: the service and three other ways to do its work, side by side on the same
 * events. It measures from outside: each contender is a process of its own.
 */
@NullMarked
package dev.serai.bench;

import org.jspecify.annotations.NullMarked;
