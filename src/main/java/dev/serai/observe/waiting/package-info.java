/**
 * Who waits, and why: what each event that this process holds is at, noted where it happens, and told over HTTP, by a gauge
 * and in the log. Knows no Camel, no Kafka and no lane: those who run an event say where it is.
 */
@NullMarked
package dev.serai.observe.waiting;

import org.jspecify.annotations.NullMarked;
