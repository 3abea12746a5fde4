/**
 * A stand-in for Convai's Connect API, for tests, demonstrations and dry runs: it answers {@code POST /connect} as the
 * contract says, plays scripted faults, and lets its user read back every call. It is a supported part of Serai and
 * knows nothing else of it. Nothing in this package logs; no exception text holds a key, a token or a session id.
 */
@NullMarked
package dev.serai.trial.standin;

import org.jspecify.annotations.NullMarked;
