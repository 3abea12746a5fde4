package dev.serai.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that works with the service's settings. For one call. */
abstract class SettingsCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final SettingsOptions settingsOptions = new SettingsOptions();

    final SettingsOptions settings() {
        return settingsOptions;
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** Tells something that is no part of the result. */
    final void say(String line) {
        PrintWriter err = err();
        err.println("serai: " + Printable.withBreaks(line));
        err.flush();
    }

    /** For what is wrong with how the command was typed; exit code 2. */
    final ParameterException usage(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }
}
