/** The provider's semantics: what is asked of {@code POST /connect} and what its answers mean. */
@NullMarked
package dev.serai.provider;

import org.jspecify.annotations.NullMarked;
