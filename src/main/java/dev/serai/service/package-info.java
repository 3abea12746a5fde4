/** The running service, its wiring and what its start looks at: it knows every slice but the commands and {@code trial}. */
@NullMarked
package dev.serai.service;

import org.jspecify.annotations.NullMarked;
