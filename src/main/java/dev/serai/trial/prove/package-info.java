/**
 * The promises of the service, tried on a Kafka of somebody's own: replicas are killed and frozen, the provider is the
 * stand-in.
 */
@NullMarked
package dev.serai.trial.prove;

import org.jspecify.annotations.NullMarked;
