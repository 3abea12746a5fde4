package dev.serai.cli;

import dev.serai.loop.Counted;
import dev.serai.operate.letters.DeadLetters;
import dev.serai.operate.letters.LetterFilter;
import dev.serai.operate.letters.LetterJson;
import dev.serai.operate.letters.ReplayMarks;
import dev.serai.settings.SeraiSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code serai dead-letters export}: letters as JSON lines. */
@Command(
        name = "export",
        description = {
            "Prints dead letters as JSON, one a line, with all their headers and their values, in order within each partition.",
            "",
            "What looks like a secret is masked, and of what is no text only the length is told, unless --show-secrets is"
                    + " given. It is personal data all the same: keep it as such."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./serai dead-letters export --since 2h",
            "  ./serai dead-letters export --key caller-1 --show-secrets"
        })
final class DeadLettersExportCommand extends LettersCommand {
    @Mixin
    private final LetterOptions letterOptions = new LetterOptions();

    @Option(names = "--show-secrets", description = "Masks nothing.")
    private boolean secretsShown;

    @Override
    int call(SeraiSettings settings, Map<String, Object> kafka, DeadLetters letters) throws IOException {
        LetterFilter filter = letterOptions.filter(InstantSource.system());
        ReplayMarks marks = marks(kafka, letters);
        LetterJson form = new LetterJson(secretsShown);
        PrintWriter out = out();
        long[] count = {0};
        letters.read(
                letter -> {
                    if (filter.matches(letter)) {
                        out.println(Printable.line(
                                form.whole(letter, marks.replayOf(letter).orElse(null))
                                        .toString()));
                        count[0]++;
                    }
                },
                out::checkError);
        if (out.checkError()) {
            throw new IOException(SeraiCommand.OUTPUT_REFUSED);
        }
        say(Counted.text(count[0], "dead letter") + " of " + letters.topic());
        return ExitCode.OK;
    }
}
