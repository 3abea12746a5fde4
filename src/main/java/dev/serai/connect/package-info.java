/**
 * Everything about the provider: its tenants, what is asked of {@code POST /connect}, the call, and what follows from its
 * outcome.
 */
@NullMarked
package dev.serai.connect;

import org.jspecify.annotations.NullMarked;
