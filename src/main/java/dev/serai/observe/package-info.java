/** What an operator sees of events and of Kafka: metrics, log lines, health. */
@NullMarked
package dev.serai.observe;

import org.jspecify.annotations.NullMarked;
