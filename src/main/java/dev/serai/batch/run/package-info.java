/** The fleet's part of provisioning jobs: their rows become start events when it is time, each exactly once. */
@NullMarked
package dev.serai.batch.run;

import org.jspecify.annotations.NullMarked;
