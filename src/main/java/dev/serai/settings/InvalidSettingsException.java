package dev.serai.settings;

import java.util.List;

/**
 * The settings cannot be used. The message has one line per mistake, all of them at once, and no secret.
 *
 * <p>Immutable, safe for use by several threads.
 */
public final class InvalidSettingsException extends Exception {
    private static final long serialVersionUID = 1;

    private final List<String> problems;

    /** @param warnings what looks like a mistake, too, and may be the reason for one of those above */
    InvalidSettingsException(List<String> problems, List<String> warnings) {
        super(message(problems)
                + (warnings.isEmpty() ? "" : "\nand beside them:\n  - " + String.join("\n  - ", warnings)));
        this.problems = List.copyOf(problems);
    }

    /** One line per mistake: what is wrong, where it was set and what to do. Never empty. */
    public List<String> problems() {
        return problems;
    }

    private static String message(List<String> problems) {
        String head =
                problems.size() == 1 ? "1 mistake in the settings:" : problems.size() + " mistakes in the settings:";
        return head + "\n  - " + String.join("\n  - ", problems);
    }
}
