package dev.serai.config;

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
