package dev.serai.service;

import java.util.Locale;

/**
 * One thing that a check has looked at.
 *
 * @param text what was looked at, and if something is wrong, what it is and what to do; may have several lines
 */
public record Finding(Subject subject, Verdict verdict, String text) {
    /** What a finding is about. */
    public enum Subject {
        SETTINGS,
        HTTP,
        ROUTES,
        KAFKA,
        TOPICS,
        RIGHTS,
        SOURCES,
        INTAKES,
        PROVIDER;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What was found, and what it means for a start. */
    public enum Verdict {
        OK,
        /** The start says it, too, and goes on. */
        WARNING,
        /** Nothing can be said of it, for the reason that the text gives. */
        NOT_CHECKED,
        /** Something does not work, or the start ends with exit code 1. */
        WRONG,
        /** Settings, routes or Kafka: the start ends with exit code 3, or goes on, and the service or a route waits. */
        REFUSED;

        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }
}
