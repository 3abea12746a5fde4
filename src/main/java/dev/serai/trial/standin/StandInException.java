package dev.serai.trial.standin;

/** The stand-in cannot do its work; the message says why. */
public final class StandInException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StandInException(String message, Throwable cause) {
        super(message, cause);
    }
}
