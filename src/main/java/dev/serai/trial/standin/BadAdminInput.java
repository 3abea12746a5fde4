package dev.serai.trial.standin;

/** An admin request that cannot be followed; the message says what was expected and is sent to the caller. */
final class BadAdminInput extends RuntimeException {

    BadAdminInput(String message) {
        super(message, null, false, false);
    }
}
