package dev.serai.cli;

import java.io.Console;
import java.lang.reflect.Method;

/** Whether somebody looks on. Stateless. */
final class Terminal {
    private static final int USUAL_COLUMNS = 80;
    private static final int FEWEST_COLUMNS = 20;

    private Terminal() {}

    /** Whether standard input and output are a terminal. */
    @SuppressWarnings("SystemConsoleNull") // on Java 21 it is null without a terminal
    static boolean isThere() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            // From Java 22 on there can be a console without a terminal.
            Method isTerminal = Console.class.getMethod("isTerminal");
            return Boolean.TRUE.equals(isTerminal.invoke(console));
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    /** How many characters a line has, if the shell tells; else as many as the narrowest usual terminal has. */
    static int columns() {
        String columns = System.getenv("COLUMNS");
        try {
            return columns == null ? USUAL_COLUMNS : Math.max(FEWEST_COLUMNS, Integer.parseInt(columns));
        } catch (NumberFormatException e) {
            return USUAL_COLUMNS;
        }
    }
}
