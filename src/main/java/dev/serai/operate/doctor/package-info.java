/** A deployment before it runs, or when something is wrong: looked at check by check, and changed by none. */
@NullMarked
package dev.serai.operate.doctor;

import org.jspecify.annotations.NullMarked;
