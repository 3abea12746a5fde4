/** Which session a conversation continues. */
@NullMarked
package dev.serai.session;

import org.jspecify.annotations.NullMarked;
