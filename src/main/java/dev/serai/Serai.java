package dev.serai;

import dev.serai.cli.ExitCode;
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

    /** Whatever happens: threads that were started do not keep the process alive once the command has failed. */
    private static int execute(String[] arguments) {
        try {
            return SeraiCommand.ofProcess().execute(arguments);
        } catch (RuntimeException | Error e) {
            OutOfMemory.endProcessIf(e);
            LoggerFactory.getLogger(Serai.class).error("unexpected failure", e);
            return ExitCode.FAILED;
        }
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
        // Each Vert.x would make a folder of temporary files, which stays where a process is killed; nothing here reads
        // files by it.
        System.setProperty("vertx.disableFileCaching", "true");
        System.setProperty("vertx.disableFileCPResolving", "true");
        System.exit(execute(arguments));
    }
}
