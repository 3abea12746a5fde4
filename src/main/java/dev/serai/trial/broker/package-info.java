/** A Kafka broker inside this process, for trying Serai out and for its tests; nothing else imports Kafka's server. */
@NullMarked
package dev.serai.trial.broker;

import org.jspecify.annotations.NullMarked;
