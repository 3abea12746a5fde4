package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.operate.letters.DeadLetters;
import dev.serai.operate.letters.LetterJson;
import dev.serai.operate.letters.Remedy;
import dev.serai.operate.letters.ReplayMarks;
import dev.serai.settings.SeraiSettings;
import dev.serai.wire.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serai dead-letters show}: all of one letter, or of all that one event has left. */
@Command(
        name = "show",
        description = {
            "Shows a dead letter: why, where from, its headers and its value, and which replay has published it again.",
            "",
            "LETTER is its position as dead-letters list prints it, or the id of an event, which can have left several."
                    + " What looks like a secret is masked. Ends with exit code 1 if there is none."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./serai dead-letters show conversation.dead-letters-3-41",
            "  ./serai dead-letters show event-17 --json"
        })
final class DeadLettersShowCommand extends LettersCommand {
    @Parameters(paramLabel = "LETTER", description = "Its topic-partition-offset, or the id of its event.")
    private String wanted = "";

    @Option(names = "--show-secrets", description = "Masks nothing.")
    private boolean secretsShown;

    @Option(names = "--json", description = "One JSON object for each, in one line, for machines.")
    private boolean json;

    @Override
    int call(SeraiSettings settings, Map<String, Object> kafka, DeadLetters letters) throws IOException {
        ReplayMarks marks = marks(kafka, letters);
        LetterJson form = new LetterJson(secretsShown);
        List<ObjectNode> found = new ArrayList<>();
        letters.read(
                letter -> {
                    if (wanted.equals(letter.position()) || wanted.equals(letter.eventId())) {
                        ObjectNode whole = form.whole(letter, null);
                        whole.remove("replayed_by");
                        whole.put("remedy", Remedy.of(letter.reason()));
                        marks.replayOf(letter).ifPresent(id -> whole.set("replayed_by", replay(marks, id)));
                        found.add(whole);
                    }
                },
                () -> false);
        if (found.isEmpty()) {
            say(Printable.line("no letter of " + letters.topic() + " is, or is of, " + wanted));
            return ExitCode.FAILED;
        }
        PrintWriter out = out();
        for (ObjectNode letter : found) {
            out.println(
                    json
                            ? Printable.line(letter.toString())
                            : Printable.withBreaks(
                                    Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(letter)));
        }
        out.flush();
        return ExitCode.OK;
    }

    private static JsonNode replay(ReplayMarks marks, String id) {
        return marks.replay(id).orElseGet(() -> Json.MAPPER.createObjectNode().put("replay_id", id));
    }
}
