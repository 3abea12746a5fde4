/** The demo: sample events, what each should come to, and whether it did. */
@NullMarked
package dev.serai.trial.demo;

import org.jspecify.annotations.NullMarked;
