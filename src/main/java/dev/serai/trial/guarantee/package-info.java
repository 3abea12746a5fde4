/** The promises of the service as checkers: what was seen of a run from outside is held against each of them. */
@NullMarked
package dev.serai.trial.guarantee;

import org.jspecify.annotations.NullMarked;
