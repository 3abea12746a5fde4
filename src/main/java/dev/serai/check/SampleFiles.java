package dev.serai.check;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.check.Checked.Part;
import dev.serai.check.Checked.Result;
import dev.serai.dialect.mapping.MappedEvent;
import dev.serai.dialect.mapping.Mapping;
import dev.serai.dialect.mapping.MappingResult;
import dev.serai.dialect.mapping.MappingResult.Mapped;
import dev.serai.dialect.mapping.MappingResult.Rejected;
import dev.serai.dialect.mapping.MappingSample;
import dev.serai.loop.Counted;
import dev.serai.loop.UnusableFileException;
import dev.serai.wire.EndConversation;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.Secrets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Runs raw records through mappings, and what comes of them past the service. Immutable. */
final class SampleFiles {
    private static final String CHARACTER_ID = "character_id";

    /** In place of what only the settings of the intake can say. */
    private static final String SOME_CHARACTER = "CHARACTER_ID";

    private final ServiceView service;
    private final Given given;

    SampleFiles(ServiceView service, Given given) {
        this.service = service;
        this.given = given;
    }

    /**
     * Runs one sample.
     *
     * @param sample the record; what is expected of it is held against it if the file is there
     * @param isShown whether what becomes of it is to be seen if it is as expected, too
     */
    Checked check(MappingSample sample, Mapping mapping, boolean isShown) {
        boolean isTest = Files.isRegularFile(sample.expected());
        boolean isToBeTest = !isTest && (given.writesExpected() || !isShown);
        try {
            OriginalRecord raw = isTest || isToBeTest ? sample.record() : given.completed(sample.record());
            MappingResult made = mapping.map(raw);
            List<Problem> problems = new ArrayList<>();
            if (isTest) {
                sample.differences(mapping)
                        .forEach(difference -> problems.add(Problem.ofDifference(sample.expected(), difference)));
            } else if (given.writesExpected()) {
                write(sample.expected(), made);
            } else if (isToBeTest) {
                problems.add(Problem.of(
                        sample.sample(),
                        "is no test without " + sample.expected().getFileName()
                                + " beside it: write there what it must become, or"
                                + " let --write-expected write what the mapping makes, if that is right"));
            } else if (made instanceof Rejected rejected) {
                problems.addAll(Problem.ofReason(sample.sample(), 0, rejected.reason()));
            }
            List<Result> results = new ArrayList<>();
            results.add(new Result(
                    0,
                    List.of(new Part("made", "the mapping makes", Secrets.masked(MappingSample.describe(made)))),
                    List.of()));
            if (made instanceof Mapped mapped) {
                for (int at = 0; at < mapped.events().size(); at++) {
                    results.add(see(sample.sample(), raw, mapped.events().get(at), "/events/" + at, problems));
                }
            }
            return new Checked(
                    sample.sample(),
                    FileKind.SAMPLE,
                    true,
                    summary(isTest, made, problems)
                            + (!isTest && given.writesExpected()
                                    ? "; written to " + sample.expected().getFileName() + ": look whether it is right"
                                    : ""),
                    isShown ? results : isTest ? List.of() : results.subList(0, 1),
                    problems);
        } catch (UnusableFileException e) {
            Path file =
                    String.valueOf(e.getMessage()).startsWith(sample.expected().toString())
                            ? sample.expected()
                            : sample.sample();
            return Checked.withoutResults(
                    file, FileKind.SAMPLE, "a sample that cannot be read", List.of(Problem.of(file, e)));
        }
    }

    private String summary(boolean isTest, MappingResult made, List<Problem> problems) {
        if (isTest) {
            return problems.isEmpty()
                    ? "becomes what is expected"
                    : "does not become what is expected"
                            + (given.intake() == null
                                    ? " (without the settings of an intake: --intake NAME runs it with its character, country, table"
                                            + " and key file)"
                                    : "");
        }
        return switch (made) {
            case Rejected ignored -> "a record that the mapping refuses: it becomes a dead letter";
            case Mapped mapped ->
                mapped.events().isEmpty()
                        ? "is ignored: " + String.join(", ", mapped.ignored())
                        : "becomes " + Counted.text(mapped.events().size(), "event", "events");
        };
    }

    private Result see(Path file, OriginalRecord raw, MappedEvent made, String path, List<Problem> problems) {
        List<Part> parts = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        parts.add(new Part("conversation", "conversation", TextNode.valueOf(made.conversationKey())));
        ObjectNode event = made.event().deepCopy();
        if (given.intake() == null && needsCharacter(event)) {
            event.put(CHARACTER_ID, SOME_CHARACTER);
            notes.add(
                    "no character_id: that of serai.intake.NAME.character-id is taken, or of the table; --intake NAME shows"
                            + " it with the settings of that intake");
        }
        ServiceView.Seen seen = service.of(
                new OriginalRecord(
                        service.settings().kafka().startTopic(),
                        0,
                        0,
                        raw.timestamp(),
                        made.conversationKey().getBytes(StandardCharsets.UTF_8),
                        Json.bytes(event),
                        List.of()),
                false);
        // What is published is in what the mapping makes.
        seen.parts().stream().filter(part -> !part.name().equals("event")).forEach(parts::add);
        notes.addAll(seen.notes());
        if (seen.refusal() != null) {
            for (Problem problem : Problem.ofReason(file, 0, seen.refusal())) {
                problems.add(Problem.at(
                        file, path + problem.path(), "the service refuses it: " + problem.text() + hint(problem)));
            }
        }
        return new Result(0, parts, notes);
    }

    private String hint(Problem problem) {
        return problem.path().equals("/" + CHARACTER_ID)
                ? "; or serai.intake." + (given.intake() == null ? "NAME" : given.intake())
                        + ".character-id, or a row of the table, such as the row *"
                : "";
    }

    private static void write(Path file, MappingResult made) throws UnusableFileException {
        try {
            Files.write(
                    file,
                    Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(MappingSample.describe(made)),
                    StandardOpenOption.CREATE_NEW);
        } catch (IOException e) {
            throw new UnusableFileException(file, "must be a file that can be written");
        }
    }

    private boolean needsCharacter(ObjectNode event) {
        return !event.hasNonNull(CHARACTER_ID)
                && !EndConversation.END.equals(
                        event.path(EndConversation.ACTION).textValue())
                && service.settings().conversation().defaultCharacterId() == null;
    }
}
