package dev.serai.batch;

import java.time.Instant;

/**
 * What was asked of a job after its beginning.
 *
 * @param command {@link #CANCEL}: publish no more
 * @param by who asked for it
 */
public record JobCommand(String command, String by, Instant at) {
    public static final String CANCEL = "cancel";

    public boolean isCancel() {
        return command.equals(CANCEL);
    }
}
