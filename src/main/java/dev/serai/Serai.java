package dev.serai;

import dev.serai.cli.LogSetup;
import dev.serai.cli.SeraiCommand;

/** Starts Serai's command line. */
public final class Serai {
    /** From this JDK on, Netty's use of sun.misc.Unsafe makes the JVM print warnings (JEP 498). */
    private static final int WARNS_OF_UNSAFE = 24;

    private Serai() {}

    public static void main(String[] arguments) {
        LogSetup.routeJavaUtilLogging();
        if (Runtime.version().feature() >= WARNS_OF_UNSAFE) {
            System.setProperty("io.netty.noUnsafe", "true");
        }
        System.exit(SeraiCommand.commandLine().execute(arguments));
    }
}
