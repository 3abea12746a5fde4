/** Which offsets of the start topic have been answered and may be committed. */
@NullMarked
package dev.serai.ledger;

import org.jspecify.annotations.NullMarked;
