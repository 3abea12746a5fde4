package dev.serai.settings;

import java.time.Duration;
import java.util.List;

/** What may be demanded of two settings at once. A rule is silent about values that are missing or wrong by themselves. */
final class PairRules {
    private final ResolvedSettings settings;
    private final List<String> problems;

    PairRules(ResolvedSettings settings, List<String> problems) {
        this.settings = settings;
        this.problems = problems;
    }

    void mustDiffer(Setting<String> one, Setting<String> other) {
        String name = settings.find(one);
        if (name != null && name.equals(settings.find(other))) {
            problems.add(one.key() + " and " + other.key() + " must differ, both are " + Quoted.of(name) + " ("
                    + settings.origin(one) + "; " + settings.origin(other) + "): rename one of them");
        }
    }

    void mustNotBothBeSet(Setting<?> one, Setting<?> other) {
        if (settings.isSet(one) && settings.isSet(other)) {
            problems.add(one.key() + " (" + settings.origin(one) + ") and " + other.key() + " ("
                    + settings.origin(other) + ") must not both be set: unset one of them");
        }
    }

    void mustNotExceed(Setting<Duration> shorter, Setting<Duration> longer) {
        Duration duration = settings.find(shorter);
        Duration most = settings.find(longer);
        if (duration != null && most != null && duration.compareTo(most) > 0) {
            problems.add(shorter.key() + " must be at most " + longer.key() + " (" + Durations.format(most) + ", "
                    + settings.origin(longer) + "), was " + settings.quoted(shorter));
        }
    }

    /** The first has no effect without its companion. */
    void mustComeWith(Setting<?> setting, Setting<?> companion) {
        if (settings.isSet(setting) && !settings.isSet(companion)) {
            problems.add(setting.key() + " is set (" + settings.origin(setting) + ") and " + companion.key()
                    + " is not: set " + companion.environmentName() + ", or remove " + setting.key());
        }
    }
}
