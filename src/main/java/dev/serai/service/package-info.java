/** The running service and its wiring: the only place, with the command line, that knows every slice. */
@NullMarked
package dev.serai.service;

import org.jspecify.annotations.NullMarked;
