package dev.serai.settings;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Where a value was found; {@code toString} is for listings, {@link #phrase} for sentences. */
record Origin(Kind kind, String name) {
    enum Kind {
        COMMAND_LINE,
        ENVIRONMENT,
        FILE,
        DEFAULT
    }

    static final Origin COMMAND_LINE = new Origin(Kind.COMMAND_LINE, "");
    static final Origin DEFAULT = new Origin(Kind.DEFAULT, "");

    /** For what has the same value as another setting as long as it has none of its own. */
    static Origin sameAs(String key) {
        return new Origin(Kind.DEFAULT, key);
    }

    static Origin environment(String variable) {
        return new Origin(Kind.ENVIRONMENT, variable);
    }

    static Origin file(String path) {
        return new Origin(Kind.FILE, path);
    }

    /**
     * A path as it was meant: by default, and in a file that lies in Serai's own folder, from that on; else relative to the
     * working directory.
     */
    String located(String path) {
        boolean fromHome =
                switch (kind) {
                    case COMMAND_LINE, ENVIRONMENT -> false;
                    case FILE -> Home.OF_PROCESS.holds(Path.of(name));
                    case DEFAULT -> true;
                };
        if (!fromHome) {
            return path;
        }
        try {
            return Home.OF_PROCESS.resolve(Path.of(path)).toString();
        } catch (InvalidPathException e) {
            return path; // its type says that it is none
        }
    }

    String phrase() {
        return switch (kind) {
            case COMMAND_LINE -> "on the command line";
            case ENVIRONMENT -> "in the environment as " + name;
            case FILE -> "in " + name;
            case DEFAULT -> "by default";
        };
    }

    @Override
    public String toString() {
        return switch (kind) {
            case COMMAND_LINE -> "command line";
            case ENVIRONMENT -> "environment " + name;
            case FILE -> "file " + name;
            case DEFAULT -> name.isEmpty() ? "default" : "as " + name;
        };
    }
}
