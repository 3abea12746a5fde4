package dev.serai.cli;

import java.util.Locale;

/** How the log looks: a line of text for people, or one JSON object a line for log collectors. */
enum LogFormat {
    TEXT,
    JSON;

    /** As it is typed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
