package dev.serai.trial.guarantee;

import java.util.List;

/** A promise of the service, held against what was observed of a run. Stateless: one checker does for any number of runs. */
public interface Guarantee {

    /** Every breach of the promise, each as one line that names the event or conversation; empty if it was kept. */
    List<String> breaches(History history);

    /** The promise in words, for whoever reads whether it was kept. */
    String promise();

    /** How the promise is named in reports. */
    default String name() {
        return getClass().getSimpleName();
    }
}
