/** The command line: {@code serai COMMAND}. */
@NullMarked
package dev.serai.cli;

import org.jspecify.annotations.NullMarked;
