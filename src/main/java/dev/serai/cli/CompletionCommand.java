package dev.serai.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code serai completion}: what has a shell complete commands and options. */
@Command(
        name = "completion",
        description = {
            "Prints a script that has your shell complete serai's commands, options and their values by the tab key, for ./serai and"
                    + " for serai on the PATH. A line in ~/.bashrc or ~/.zshrc has it in every shell:",
            "",
            "  source <(/opt/serai/serai completion bash)"
        },
        footerHeading = "%nExamples:%n",
        footer = {"  ./serai completion bash", "  ./serai completion zsh"})
final class CompletionCommand implements Callable<Integer> {
    /** The shells that there is a script for. */
    enum Shell {
        BASH,
        ZSH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Shell shell;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                switch (shell) {
                    // Zsh takes bash's, which says itself what has to be loaded for it.
                    case BASH, ZSH -> script(spec.root().commandLine());
                });
        out.flush();
        return ExitCode.OK;
    }

    static String script(CommandLine root) {
        return AutoComplete.bash("serai", root);
    }
}
