/** What a service does that is refused by Kafka: at its start, and while it runs. */
@NullMarked
package dev.serai.security;

import org.jspecify.annotations.NullMarked;
