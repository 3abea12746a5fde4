/** Records of a start topic as bad as they come, a million of them, through the whole service. */
@NullMarked
package dev.serai.fuzz;

import org.jspecify.annotations.NullMarked;
