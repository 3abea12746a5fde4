/**
 * What is remembered of conversations: which session the next event goes on with, which sessions are open, and how that is
 * sealed on the session topic and read again.
 */
@NullMarked
package dev.serai.session;

import org.jspecify.annotations.NullMarked;
