package dev.serai;

import dev.serai.cli.LogSetup;
import dev.serai.cli.SeraiCommand;

/** Starts Serai's command line. */
public final class Serai {
    private Serai() {}

    public static void main(String[] arguments) {
        LogSetup.routeJavaUtilLogging();
        System.exit(SeraiCommand.commandLine().execute(arguments));
    }
}
