/**
 * The kinds of systems that a source may be (an HTTP service, a database, a topic, a file, a route of one's own), how they are
 * set up from the settings, tried at the start, and what their failures are called.
 */
@NullMarked
package dev.serai.source.kind;

import org.jspecify.annotations.NullMarked;
