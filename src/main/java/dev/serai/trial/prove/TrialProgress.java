package dev.serai.trial.prove;

/** Is told how a run goes, on the run's own thread. */
public interface TrialProgress {
    /** Something was begun or has happened. */
    void step(String line);

    /** How many of the plan's events are answered; often the same again. */
    void answered(int events);
}
