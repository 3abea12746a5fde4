package dev.serai;

import dev.serai.cli.LogSetup;
import dev.serai.cli.SeraiCommand;
import dev.serai.loop.OutOfMemory;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/** Starts Serai's command line. */
public final class Serai {
    /** From this JDK on, Netty's use of sun.misc.Unsafe makes the JVM print warnings (JEP 498). */
    private static final int WARNS_OF_UNSAFE = 24;

    private Serai() {}

    private static void threadEnded(Thread thread, Throwable failure) {
        OutOfMemory.endProcessIf(failure);
        LoggerFactory.getLogger(Serai.class)
                .error("The thread {} has ended, and nobody does its work any more", thread.getName(), failure);
    }

    public static void main(String[] arguments) {
        // Libraries ask for it where they make capitals and digits: a replica does what the others do, wherever it
        // runs.
        Locale.setDefault(Locale.ENGLISH);
        LogSetup.routeJavaUtilLogging();
        Thread.setDefaultUncaughtExceptionHandler(Serai::threadEnded);
        if (Runtime.version().feature() >= WARNS_OF_UNSAFE) {
            System.setProperty("io.netty.noUnsafe", "true");
        }
        System.exit(SeraiCommand.ofProcess().execute(arguments));
    }
}
