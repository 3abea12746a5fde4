package dev.serai.cli;

import java.io.Console;
import java.lang.reflect.InvocationTargetException;

/** Whether somebody looks on: standard input and output are a terminal. Stateless. */
final class Terminal {
    private Terminal() {}

    @SuppressWarnings("SystemConsoleNull") // of JDK 22 and newer the method below is asked
    static boolean isThere() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            // From JDK 22 on there is a console in a pipe, too, and this method.
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }
}
