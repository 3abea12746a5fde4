/** The Java DSL routes, and the steps that the YAML routes name. */
@NullMarked
package dev.serai.route;

import org.jspecify.annotations.NullMarked;
