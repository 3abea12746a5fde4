package dev.serai.cli;

/** What the process says to the shell; the usage texts list them. */
public final class ExitCode {
    public static final int OK = 0;
    public static final int FAILED = 1;
    public static final int WRONG_USAGE = 2;

    /** Of settings or routes. */
    public static final int INVALID_SETTINGS = 3;

    /** Kafka does not answer, or not to this client. The same number: what has to be changed is around the process. */
    public static final int REFUSED = 3;

    /** An event was sent, and its reply has not come in time. */
    public static final int NO_REPLY = 4;

    private ExitCode() {}
}
