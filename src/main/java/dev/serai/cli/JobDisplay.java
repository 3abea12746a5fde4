package dev.serai.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.batch.client.Progress;
import dev.serai.loop.Elapsed;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Shows how far a job is: a bar in one line of a terminal, else a line every {@value #INTERVAL_SECONDS} seconds, or an object
 * of JSON so often. For one thread.
 */
final class JobDisplay {
    static final int INTERVAL_SECONDS = 5;

    private static final int BAR = 20;
    private static final int LEAST_BAR = 4;

    /** Brackets and a blank. */
    private static final int FRAME = 3;

    private static final long FRAME_NANOS = 200_000_000;
    private static final double NANOS = 1e9;
    private static final Duration MEASURED = Duration.ofMinutes(1);

    private final PrintWriter out;
    private final Form form;
    private final ProgressLine terminal;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private long nextNanos = System.nanoTime();
    private @Nullable Progress last;

    /** How it is shown. */
    enum Form {
        /** One line that changes. */
        TERMINAL,
        /** Lines that stay. */
        PIPE,
        /** Objects of JSON, one a line. */
        JSON
    }

    private record Sample(long nanos, long done) {}

    JobDisplay(PrintWriter out, Form form) {
        this.out = out;
        this.form = form;
        terminal = new ProgressLine(out, form == Form.TERMINAL);
    }

    /** To be told often. */
    void show(Progress progress) {
        long now = System.nanoTime();
        samples.addLast(new Sample(now, progress.done()));
        while (samples.size() > 2 && now - samples.getFirst().nanos() > MEASURED.toNanos()) {
            samples.removeFirst();
        }
        last = progress;
        if (now - nextNanos < 0) {
            return;
        }
        nextNanos = now + (form == Form.TERMINAL ? FRAME_NANOS : INTERVAL_SECONDS * (long) NANOS);
        switch (form) {
            case TERMINAL -> draw(progress);
            case PIPE -> out.println("serai: " + Printable.line(line(progress)));
            case JSON -> out.println(Printable.line(progress.json().toString()));
        }
        out.flush();
    }

    private void draw(Progress progress) {
        String figures = line(progress);
        terminal.show(bar(progress, Math.min(BAR, ProgressLine.columns() - figures.length() - FRAME)) + figures);
    }

    /** Ends the line that changes, as it stands now, before something else is said. */
    void end() {
        if (form == Form.TERMINAL && last != null) {
            draw(last);
            terminal.keep();
            last = null;
        }
    }

    /** Says something for machines, where they are who reads it. */
    void tell(ObjectNode fact) {
        if (form == Form.JSON) {
            out.println(Printable.line(fact.toString()));
            out.flush();
        }
    }

    /** As long as the figures leave room for it, for these say more; nothing if that is too short for a bar. */
    static String bar(Progress progress, int length) {
        if (length < LEAST_BAR) {
            return "";
        }
        int full = progress.rows() == 0
                ? length
                : (int) (length * Math.min(progress.done(), progress.rows()) / progress.rows());
        return "[" + "#".repeat(full) + ".".repeat(length - full) + "] ";
    }

    private String line(Progress progress) {
        double rate = rate();
        long left = Math.max(0, progress.rows() - progress.done());
        return text(progress)
                + (rate > 0 ? String.format(Locale.ROOT, "; %.1f/s", rate) : "")
                + (rate > 0 && left > 0
                        ? ", " + Elapsed.inTwoUnits(Duration.ofSeconds((long) (left / rate))) + " left"
                        : "");
    }

    /** As it stands, in one line. */
    static String text(Progress progress) {
        return counts(progress) + state(progress);
    }

    /** The same for who has said its state. */
    static String counts(Progress progress) {
        return progress.done() + "/" + progress.rows() + ": " + progress.started() + " rooms, "
                + progress.failures() + " failed" + failures(progress.failed()) + ", " + progress.open() + " open, "
                + Math.max(0, progress.rows() - progress.done()) + " waiting";
    }

    private static String failures(Map<String, Long> failed) {
        return failed.isEmpty()
                ? ""
                : failed.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(Collectors.joining(", ", " (", ")"));
    }

    private static String state(Progress progress) {
        String why = progress.waitsFor();
        return switch (progress.state()) {
            case "uploading" -> "; " + progress.uploaded() + " uploaded";
            case "waiting" -> "; no replica runs it yet";
            case "running" ->
                why == null
                        ? ""
                        : "; waits for " + why.replace('_', '-')
                                + (progress.waitsUntil() == null
                                        ? ""
                                        : " until " + progress.waitsUntil().truncatedTo(ChronoUnit.SECONDS))
                                + (progress.heldUpBy() == null ? "" : "; rows wait for " + progress.heldUpBy());
            default -> "; " + progress.state();
        };
    }

    private double rate() {
        if (samples.size() < 2) {
            return 0;
        }
        double seconds = (samples.getLast().nanos() - samples.getFirst().nanos()) / NANOS;
        return seconds < 1 ? 0 : (samples.getLast().done() - samples.getFirst().done()) / seconds;
    }
}
