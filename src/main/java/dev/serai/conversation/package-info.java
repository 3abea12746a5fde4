/**
 * One event's state, the steps of its route named as the YAML names them, and the Java DSL route of the provider call.
 */
@NullMarked
package dev.serai.conversation;

import org.jspecify.annotations.NullMarked;
