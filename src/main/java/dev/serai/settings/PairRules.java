package dev.serai.settings;

import dev.serai.settings.ResolvedSettings.Resolved;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What may be demanded of two settings at once. A rule is silent about values that are missing or wrong by themselves. */
final class PairRules {
    private final ResolvedSettings settings;
    private final List<String> problems;

    PairRules(ResolvedSettings settings, List<String> problems) {
        this.settings = settings;
        this.problems = problems;
    }

    /**
     * What the declarations demand: {@link Key#atMost}, {@link Key#below}, {@link Key#needs}, and a secret or its file, not
     * both.
     */
    void checkDeclared() {
        for (Resolved<?> resolved : settings.all()) {
            Setting<?> setting = resolved.setting();
            if (!isOfItsType(setting)) {
                continue;
            }
            if (!setting.declared().atMost().isEmpty()) {
                mustNotExceed(setting.key(), setting.besides(setting.declared().atMost()));
            }
            if (!setting.declared().below().isEmpty()) {
                mustBeBelow(setting.key(), setting.besides(setting.declared().below()));
            }
            for (String companion : setting.declared().needs()) {
                mustComeWith(setting.key(), setting.besides(companion));
            }
            if (setting.mayBeInAFile()) {
                mustNotBothBeSet(setting.key(), setting.fileKey());
            }
        }
    }

    /** The keys of Serai's own topics. */
    List<String> ownTopics() {
        return Stream.of(
                        "start-topic",
                        "reply-topic",
                        "dead-letter-topic",
                        "session-topic",
                        "job-topic",
                        "job-row-topic")
                .map(settings.group("serai.kafka.")::key)
                .toList();
    }

    private boolean isOfItsType(Setting<?> setting) {
        return setting.ofType().isEmpty()
                || settings.get(setting.besides("type")).text().equals(setting.ofType());
    }

    void mustDiffer(String one, String other) {
        Object value = settings.value(one);
        if (value != null && value.equals(settings.value(other))) {
            problems.add(one + " and " + other + " must differ, both are " + Quoted.of(value.toString()) + " ("
                    + settings.get(one).origin() + "; " + settings.get(other).origin() + "): rename one of them");
        }
    }

    /** Whether they are there or not, and by whatever names and links. */
    void mustBeTwoFolders(String one, String other) {
        if (settings.value(one) instanceof Path folder
                && settings.value(other) instanceof Path another
                && PathTypes.isSame(folder, another)) {
            problems.add(one + " and " + other + " must differ, both are "
                    + Quoted.of(PathTypes.real(folder).toString()) + " ("
                    + settings.get(one).origin() + ", "
                    + Quoted.of(settings.get(one).text()) + "; "
                    + settings.get(other).origin() + ", "
                    + Quoted.of(settings.get(other).text()) + "): name another folder in one of them");
        }
    }

    private void mustNotBothBeSet(String one, String other) {
        if (settings.isSet(one) && settings.isSet(other)) {
            problems.add(one + " (" + settings.get(one).origin() + ") and " + other + " ("
                    + settings.get(other).origin() + ") must not both be set: unset one of them");
        }
    }

    private void mustNotExceed(String shorter, String longer) {
        if (settings.value(shorter) instanceof Duration duration
                && settings.value(longer) instanceof Duration most
                && duration.compareTo(most) > 0) {
            problems.add(shorter + " must be at most " + longer + " (" + Durations.format(most) + ", "
                    + settings.get(longer).origin() + "), was "
                    + Quoted.of(settings.get(shorter).text()) + " ("
                    + settings.get(shorter).origin() + ")");
        }
    }

    private void mustBeBelow(String smaller, String larger) {
        if (settings.value(smaller) instanceof Integer number
                && settings.value(larger) instanceof Integer bound
                && number >= bound) {
            problems.add(smaller + " must be below " + larger + " (" + bound + ", "
                    + settings.get(larger).origin() + "), was " + number + " ("
                    + settings.get(smaller).origin() + ")");
        }
    }

    /** The first has no effect without its companion. */
    private void mustComeWith(String key, String companion) {
        if (settings.isSet(key) && !settings.isSet(companion)) {
            problems.add(key + " is set (" + settings.get(key).origin() + ") and " + companion + " is not: set "
                    + settings.get(companion).setting().environmentName() + ", or remove " + key);
        }
    }
}
