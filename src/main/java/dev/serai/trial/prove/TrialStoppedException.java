package dev.serai.trial.prove;

/** Somebody has asked the run to end before its end. */
public final class TrialStoppedException extends RuntimeException {
    TrialStoppedException() {
        super("stopped: nothing was proven");
    }
}
