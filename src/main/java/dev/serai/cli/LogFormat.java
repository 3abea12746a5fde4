package dev.serai.cli;

/** How the log looks: a line of text for people, or one JSON object a line for log collectors. */
enum LogFormat {
    TEXT,
    JSON
}
