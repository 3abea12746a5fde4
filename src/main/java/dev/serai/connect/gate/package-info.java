/**
 * The gate in front of the provider, one for each tenant's credentials: how many calls, how fast, and whether any at all.
 */
@NullMarked
package dev.serai.connect.gate;

import org.jspecify.annotations.NullMarked;
