/** Provisioning jobs as they stand on Kafka: what a job is, its rows, how far it is, and who may write which of it. */
@NullMarked
package dev.serai.batch;

import org.jspecify.annotations.NullMarked;
