package dev.serai.batch;

import java.time.Instant;
import java.util.Objects;

/**
 * What was asked of a job after its beginning.
 *
 * @param command {@link #CANCEL}: publish no more
 * @param by who asked for it
 */
public record JobCommand(String command, String by, Instant at) {
    public static final String CANCEL = "cancel";

    private static final String JOB = "job ";

    public JobCommand {
        Objects.requireNonNull(command, "a command says what is asked");
        Objects.requireNonNull(by, "a command says who has asked");
        Objects.requireNonNull(at, "a command says when it was asked");
    }

    public boolean isCancel() {
        return command.equals(CANCEL);
    }

    /** Why a row of the job has no room, as its reply says. */
    public String why(String job) {
        return JOB + job + " was cancelled at " + at + ", before there was a room";
    }

    /** Whether a reply that says {@code cancelled} says this, and not that an end event came. */
    public static boolean isWhy(String detail) {
        return detail.startsWith(JOB);
    }
}
