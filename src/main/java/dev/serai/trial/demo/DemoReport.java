package dev.serai.trial.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.wire.Characters;
import dev.serai.wire.Json;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Prints results for a person to read: one aligned line for each, another one if something was looked up for it, then a
 * summary. Plain ASCII but for what replies say.
 */
public final class DemoReport {
    private static final int SHOWN_TOKEN_CHARACTERS = 6;
    private static final int SHOWN_DETAIL_CHARACTERS = 60;
    private static final int SHOWN_KEY_CHARACTERS = 13;

    private final PrintWriter out;
    private final Style style;
    private final int nameWidth;
    private final int keyWidth;
    private final UnaryOperator<String> sourceTypes;

    /** How good and bad news are marked; {@link UnaryOperator#identity()} where colours would be noise. */
    public record Style(UnaryOperator<String> good, UnaryOperator<String> bad, UnaryOperator<String> dim) {}

    /** @param sourceTypes the type of a source by its name */
    public DemoReport(PrintWriter out, Style style, List<Sample> samples, UnaryOperator<String> sourceTypes) {
        this.out = out;
        this.style = style;
        this.sourceTypes = sourceTypes;
        nameWidth = width(samples.stream().map(Sample::name).toList());
        keyWidth = width(samples.stream().map(DemoReport::shownKey).toList());
    }

    private static String shownKey(Sample sample) {
        return shortened(String.valueOf(sample.key()), SHOWN_KEY_CHARACTERS);
    }

    private static int width(List<String> texts) {
        return texts.stream().mapToInt(String::length).max().orElse(1);
    }

    /** A line for a sample, one for what was looked up, and one for each difference from what it should have come to. */
    public void print(SampleResult result) {
        String mark = !result.isAsExpected()
                ? style.bad().apply("WRONG")
                : result.isJudged() ? style.good().apply("ok   ") : style.dim().apply("shown");
        JsonNode reply = result.fields();
        out.printf(
                "%s  %-" + nameWidth + "s  %-" + keyWidth + "s  %s  %s%n",
                mark,
                result.sample().name(),
                shownKey(result.sample()),
                reply == null ? "no reply                              " : summary(reply, result.isJudged()),
                style.dim().apply(tail(result)));
        Stream.of(dialect(result), lookedUp(result))
                .filter(said -> !said.isEmpty())
                .forEach(said -> out.println("       " + style.dim().apply(said)));
        String ignored = reply == null
                ? ""
                : reply.path("ignored").valueStream().map(JsonNode::asText).collect(Collectors.joining("; "));
        if (!ignored.isEmpty()) {
            out.println("       ignored: " + ignored);
        }
        result.problems().forEach(problem -> out.println("       " + style.bad().apply(problem)));
        out.flush();
    }

    /** @param isSample whose detail is known; of an event of the user's own it says what to do, at its end */
    private static String summary(JsonNode reply, boolean isSample) {
        if (reply.path("status").asText().equals("started")) {
            return String.format(
                    "started  %-9s  room %s  token %s",
                    reply.path("continuity").asText(),
                    shortened(reply.path("room_name").asText(), 13),
                    shortened(reply.path("token").asText(), SHOWN_TOKEN_CHARACTERS));
        }
        if (reply.path("status").asText().equals("ended")) {
            return String.format(
                    "ended    %s ended, %s cancelled",
                    counted(reply.path("sessions_ended").asInt(), "session"),
                    counted(reply.path("events_cancelled").asInt(), "waiting event"));
        }
        JsonNode error = reply.path("error");
        String detail = Json.text(error.path("detail"));
        return String.format(
                "failed   %s: %s",
                error.path("category").asText(), isSample ? shortened(detail, SHOWN_DETAIL_CHARACTERS) : detail);
    }

    /** How the event and its reply were said; empty for plain JSON. */
    private static String dialect(SampleResult result) {
        JsonNode reply = result.reply();
        if (reply != null && reply.hasNonNull("specversion")) {
            return "CloudEvent, answered by a CloudEvent: " + reply.path("type").asText();
        }
        String intake = result.sample().intake();
        return intake == null
                ? ""
                : "raw event of the intake " + intake
                        + (reply == null
                                ? ""
                                : ", as the event " + reply.path("event_id").asText());
    }

    /** Empty if no source was asked. */
    private String lookedUp(SampleResult result) {
        JsonNode reply = result.fields();
        return reply == null
                ? ""
                : reply.path("enrichment").properties().stream()
                        .filter(piece -> piece.getValue().hasNonNull("source"))
                        .map(piece -> lookedUp(piece.getKey(), piece.getValue()) + why(piece.getKey(), result.sample()))
                        .collect(Collectors.joining("; "));
    }

    private String lookedUp(String piece, JsonNode from) {
        String name = from.path("source").asText();
        String status = from.path("status").asText();
        String source = name + " (" + sourceTypes.apply(name) + ")";
        return switch (status) {
            case "failed" -> source + " failed: no " + piece + because(piece, from);
            case "inline", "absent" -> source + " knows no " + piece;
            default -> piece + " from " + source + ", " + status;
        };
    }

    private static String because(String piece, JsonNode from) {
        String why = from.path("notes")
                .valueStream()
                .map(note -> note.asText().replaceFirst("^" + piece + ": ", ""))
                .collect(Collectors.joining("; "));
        return why.isEmpty() ? "" : " (" + why + ")";
    }

    /** An event that names nobody is looked up nevertheless: by what else says whose it is. */
    private static String why(String piece, Sample sample) {
        JsonNode event = sample.fields();
        if (!piece.equals("dynamic_info") || !event.isObject() || event.hasNonNull("context_ref")) {
            return "";
        }
        for (String field : List.of("end_user_id", "speaker_id")) {
            if (event.hasNonNull(field)) {
                return " (no context_ref: looked up by " + field + ")";
            }
        }
        return " (no context_ref: looked up by the key)";
    }

    private static String tail(SampleResult result) {
        JsonNode reply = result.fields();
        return "(" + counted(reply == null ? 0 : reply.path("attempts").asInt(), "call") + ", "
                + result.took().toMillis() + " ms" + (result.deadLetter() == null ? "" : ", dead letter") + ")";
    }

    private static String counted(int number, String one) {
        return number + " " + one + (number == 1 ? "" : "s");
    }

    private static String shortened(String text, int length) {
        return text.length() <= length ? text : Characters.atMost(length, text) + "...";
    }

    /** How many samples came to what they should. */
    public void printSummary(List<SampleResult> results) {
        List<SampleResult> judged =
                results.stream().filter(SampleResult::isJudged).toList();
        long good = judged.stream().filter(SampleResult::isAsExpected).count();
        String counts = good + " of " + judged.size() + (judged.size() == 1 ? " sample" : " samples")
                + " came to what is expected";
        out.println();
        if (!judged.isEmpty()) {
            out.println(
                    good == judged.size()
                            ? style.good().apply(counts)
                            : style.bad().apply(counts));
        }
        results.stream()
                .filter(result -> !result.isJudged())
                .forEach(result -> out.println("not judged: " + result.sample().name() + ", which has no file "
                        + result.sample().name() + ".json in the folder expected"));
        out.flush();
    }
}
