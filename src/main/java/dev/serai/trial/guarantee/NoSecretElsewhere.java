package dev.serai.trial.guarantee;

import java.util.List;

/**
 * What rooms are joined and ended with stands on the reply topic and nowhere else. A search that does not find it there
 * either has found nothing out, which is a breach.
 *
 * @param secrets how many were looked for
 * @param repliesWithSecrets how many places of the reply topic have any
 * @param leaks each other place that has any, and how many
 */
public record NoSecretElsewhere(int secrets, int repliesWithSecrets, List<String> leaks) implements Guarantee {
    public NoSecretElsewhere {
        leaks = List.copyOf(leaks);
    }

    @Override
    public String promise() {
        return "tokens and session ids are on the reply topic only";
    }

    @Override
    public List<String> breaches(History history) {
        if (secrets == 0 || repliesWithSecrets == 0) {
            return List.of(secrets + " tokens and session ids were looked for, and found in " + repliesWithSecrets
                    + " places of the reply topic: the search is blind");
        }
        return leaks;
    }
}
