/**
 * What holds for the YAML routes, the service's own and a user's: how they are read, checked before anything is consumed, and
 * named when they fail; and the languages and formats that they may use.
 */
@NullMarked
package dev.serai.route;

import org.jspecify.annotations.NullMarked;
