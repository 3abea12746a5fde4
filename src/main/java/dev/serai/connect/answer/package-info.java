/** What the answers of {@code POST /connect} mean. */
@NullMarked
package dev.serai.connect.answer;

import org.jspecify.annotations.NullMarked;
