/** Which offsets of a partition are answered and may be committed. Compiles with the JDK alone. */
@NullMarked
package dev.serai.engine.ledger;

import org.jspecify.annotations.NullMarked;
