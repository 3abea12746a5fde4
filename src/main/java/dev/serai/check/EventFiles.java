package dev.serai.check;

import dev.serai.check.Checked.Result;
import dev.serai.loop.Counted;
import dev.serai.loop.UnusableFileException;
import dev.serai.wire.OriginalRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Looks at events as if they were published on the start topic now. Immutable. */
final class EventFiles {
    /** Of the lines of one file; of the rest it is only said how many there are. */
    private static final int MOST_SHOWN = 100;

    private final ServiceView service;
    private final Given given;

    EventFiles(ServiceView service, Given given) {
        this.service = service;
        this.given = given;
    }

    /** @param kind one event, or one on each line */
    Checked check(Path file, FileKind kind) {
        try {
            byte[] bytes = FileText.bytes(file);
            return kind == FileKind.EVENT
                    ? one(file, bytes)
                    : lines(file, FileText.text(file, bytes).split("\n", -1));
        } catch (UnusableFileException e) {
            return Checked.withoutResults(file, kind, "cannot be read", List.of(Problem.of(file, e)));
        }
    }

    private Checked one(Path file, byte[] bytes) {
        ServiceView.Seen seen = service.of(published(bytes, 0), true);
        return new Checked(
                file,
                FileKind.EVENT,
                true,
                seen.refusal() == null ? "an event that the service takes" : "an event that the service refuses",
                List.of(new Result(0, seen.parts(), seen.notes())),
                seen.refusal() == null ? List.of() : Problem.ofReason(file, 0, seen.refusal()));
    }

    private Checked lines(Path file, String[] lines) {
        List<Result> results = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        int taken = 0;
        int refused = 0;
        for (int at = 0; at < lines.length; at++) {
            if (lines[at].isBlank()) {
                continue;
            }
            ServiceView.Seen seen = service.of(published(lines[at].getBytes(StandardCharsets.UTF_8), at), true);
            if (taken + refused < MOST_SHOWN) {
                results.add(new Result(at + 1, seen.parts(), seen.notes()));
            }
            if (seen.refusal() == null) {
                taken++;
            } else if (refused++ < MOST_SHOWN) {
                problems.addAll(Problem.ofReason(file, at + 1, seen.refusal()));
            }
        }
        if (refused > MOST_SHOWN) {
            problems.add(Problem.of(file, "and " + (refused - MOST_SHOWN) + " more lines are refused"));
        }
        if (taken + refused == 0) {
            problems.add(Problem.of(file, "must have an event on each line, and has none"));
        }
        return new Checked(
                file,
                FileKind.EVENTS,
                true,
                Counted.text(taken, "event", "events") + " that the service takes, " + refused + " that it refuses",
                results,
                problems);
    }

    private OriginalRecord published(byte[] value, long offset) {
        return new OriginalRecord(
                service.settings().kafka().startTopic(),
                0,
                offset,
                service.clock().instant().truncatedTo(ChronoUnit.MILLIS),
                given.key(),
                value,
                given.headers());
    }
}
