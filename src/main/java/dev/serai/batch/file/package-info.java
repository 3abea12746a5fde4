/** Files of provisioning jobs: rows of CSV or JSON Lines, the events that they become, and what is wrong with them. */
@NullMarked
package dev.serai.batch.file;

import org.jspecify.annotations.NullMarked;
