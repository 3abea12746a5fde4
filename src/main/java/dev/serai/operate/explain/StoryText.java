package dev.serai.operate.explain;

import dev.serai.batch.JobId;
import dev.serai.loop.Counted;
import dev.serai.loop.Elapsed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A story for people, line by line. Names that others chose may hold characters that steer a terminal. Not thread-safe.
 */
public final class StoryText {
    /** Of a conversation's events. */
    private static final int MOST = 30;

    private static final Map<String, String> PARTS = Map.of(
            "until_read", "until it was read",
            "held", "held for",
            "at_this", "at what it is at for",
            "queued", "queued and at the gate",
            "enrich", "looked up",
            "connect", "calls",
            "publish", "commit and reply",
            "total", "in all");

    private final Story story;
    private final Evidence evidence;
    private final Instant now;
    private final List<String> lines = new ArrayList<>();

    private StoryText(Story story) {
        this.story = story;
        evidence = story.evidence();
        now = evidence.now();
    }

    public static List<String> lines(Story story) {
        StoryText text = new StoryText(story);
        text.tell();
        return text.lines;
    }

    private void tell() {
        lines.add(capital(story.summary()));
        Arrival about = story.about();
        Standing standing = about == null ? null : story.standings().get(about);
        if (about != null && standing != null) {
            lines.add("");
            arrival(about);
            standing(about, standing);
        }
        others(about);
        lookedThrough();
        lines.add("");
        lines.add("What to do: " + story.remedy());
    }

    private void arrival(Arrival about) {
        line(
                "arrived",
                about.publishedAt() + ", " + ago(about.publishedAt()) + ", at " + about.at()
                        + (about.cloudEvent() ? ", a CloudEvent" : ""));
        line("conversation", about.key() == null ? "none: it has no key" : about.key());
        if (!about.ends()) {
            line(
                    "asks for",
                    "a room with "
                            + (about.characterId() == null ? "a character that cannot be told" : about.characterId())
                            + ", tenant " + (about.tenant() == null ? "none that there is" : about.tenant())
                            + ", wanted until " + about.deadline());
        }
        if (about.mappedFrom() != null) {
            line("made of", "raw record " + about.mappedFrom() + ", by an intake");
        }
        JobId.row(about.eventId())
                .ifPresent(row ->
                        line("row", row.number() + " of job " + row.job() + ": ./serai provision status " + row.job()));
        if (about.replays() > 0) {
            line("replayed", Counted.text(about.replays(), "time") + " from the dead letters");
        }
        if (about.askedTopic() != null) {
            line(
                    "asked for",
                    "its reply on " + about.askedTopic() + ", which serai.reply.allowed-topics does not have");
        }
        story.standings().sequencedKeySet().stream()
                .filter(each -> !each.at().equals(about.at()) && each.eventId().equals(about.eventId()))
                .forEach(each -> line("sent also", each.publishedAt() + ", at " + each.at()));
    }

    private void standing(Arrival about, Standing standing) {
        if (standing instanceof Standing.Waiting waiting) {
            line("read by", waiting.service());
            waits(waiting);
        }
        before(about);
        FoundReply answer = Breakdown.answer(standing);
        if (answer != null) {
            answer(about, answer);
        }
        Rejection letter = Breakdown.letter(standing);
        if (letter != null) {
            line("dead letter", letter.at() + ", " + letter.category() + " at " + letter.failedAt());
        }
        String parts = Breakdown.of(about, standing).entrySet().stream()
                .map(part -> PARTS.get(part.getKey()) + " " + Elapsed.text(part.getValue()))
                .collect(Collectors.joining(", "));
        if (!parts.isEmpty()) {
            line("time", parts);
        }
        evidence.group(about.at())
                .filter(group -> group.problem() == null)
                .ifPresent(group -> line(
                        "group",
                        group.id() + " has "
                                + (group.committed() == null
                                        ? "answered nothing of the partition so far, which has " + group.stable()
                                                + " offsets, "
                                        : "answered all before offset " + group.committed() + " of " + group.stable()
                                                + ", ")
                                + (group.owner() == null ? "nobody reads the partition" : "read by " + group.owner())));
    }

    private void waits(Standing.Waiting waiting) {
        Held held = waiting.held();
        line("now", held.text() + ", for " + Elapsed.inTwoUnits(held.since()));
        if (waiting.ahead() != null) {
            line(
                    "which",
                    waiting.ahead().text() + ", for "
                            + Elapsed.inTwoUnits(waiting.ahead().since()));
        }
        Held.GateSeen gate =
                waiting.ahead() != null && held.gate() == null ? waiting.ahead().gate() : held.gate();
        if (gate != null) {
            line(
                    "in line",
                    Counted.text(gate.waiting(), "event") + ", " + gate.ahead() + " wanted sooner; next is "
                            + (gate.next() == null ? "not known" : gate.next()));
        }
        Duration left = held.left();
        if (left != null) {
            line(
                    "deadline",
                    left.isNegative()
                            ? "passed " + Elapsed.inTwoUnits(left.negated()) + " ago"
                            : "in " + Elapsed.inTwoUnits(left));
        }
    }

    /** The event of its conversation before it. */
    private void before(Arrival about) {
        story.standings().entrySet().stream()
                .filter(each -> each.getKey().at().partition() == about.at().partition()
                        && each.getKey().at().offset() < about.at().offset()
                        && !each.getKey().eventId().equals(about.eventId()))
                .reduce((earlier, later) -> later)
                .ifPresent(each -> line(
                        "before it",
                        each.getKey().eventId() + " (" + each.getKey().at() + ") "
                                + Advice.summary(each.getValue(), now)));
    }

    private void answer(Arrival about, FoundReply answer) {
        line(
                "calls",
                Counted.text(answer.attempts(), "call") + " of POST /connect"
                        + (answer.requestTraceId() == null
                                ? ""
                                : ", request_trace_id " + answer.requestTraceId() + " (for the provider's support)")
                        + (answer.possibleDuplicate() ? "; one whose answer was lost may have left a room" : ""));
        answer.lookUps().forEach(lookUp -> line("looked up", lookUp));
        line(
                "reply",
                answer.status() + (answer.category() == null ? "" : ", " + answer.category()) + ", at "
                        + answer.publishedAt() + ", " + answer.at()
                        + (about.replyTopic().equals(evidence.deployment().replyTopic())
                                ? ""
                                : ", the topic that the event has named"));
        if (answer.isStarted()) {
            line(
                    "room",
                    (answer.room() == null ? "without a name" : answer.room()) + ", "
                            + RoomState.text(story, about, answer)
                            + (answer.joinUntil() == null ? "" : "; clients may join until " + answer.joinUntil()));
        }
    }

    private void others(@Nullable Arrival about) {
        List<Map.Entry<Arrival, Standing>> all = List.copyOf(story.standings().entrySet());
        if (all.size() > 1 || (about == null && !all.isEmpty())) {
            lines.add("");
            lines.add("The conversation's events"
                    + (all.size() > MOST ? ", the last " + MOST + " of " + all.size() : "") + ":");
            all.subList(Math.max(0, all.size() - MOST), all.size())
                    .forEach(each -> lines.add("  "
                            + each.getKey().publishedAt() + "  " + each.getKey().at() + "  "
                            + (each.getKey().ends() ? "end " : "")
                            + each.getKey().eventId() + "  "
                            + Advice.summary(each.getValue(), now)));
        }
    }

    private void lookedThrough() {
        lines.add("");
        String looked = evidence.looked().stream()
                .filter(each -> !each.topic().isEmpty())
                .collect(Collectors.groupingBy(
                        Looked::topic, LinkedHashMap::new, Collectors.summingLong(Looked::records)))
                .entrySet()
                .stream()
                .map(each -> each.getKey() + " (" + Counted.text(each.getValue(), "record") + ")")
                .collect(Collectors.joining(", "));
        lines.add("Looked through, from " + evidence.since() + " on: " + (looked.isEmpty() ? "nothing" : looked));
        if (evidence.looked().stream().anyMatch(each -> !each.complete())) {
            lines.add("The time was over before all was looked through: --timeout allows more");
        }
        if (evidence.looked().stream().anyMatch(Looked::older)) {
            lines.add("Older records were not looked at: --since looks further back");
        }
        evidence.transactions().forEach(open -> lines.add("Not committed: " + open.text()));
        evidence.services().stream()
                .filter(service -> !service.isReached())
                .forEach(service -> lines.add("Not asked: " + service.address() + ", " + service.failure()));
        evidence.services().stream()
                .filter(service -> service.health() != null)
                .forEach(service -> lines.add("Not healthy: " + service.address() + ", " + service.health()));
        if (evidence.sessions().problem() != null) {
            lines.add("Not seen: open sessions, " + evidence.sessions().problem());
        }
        evidence.unseen().forEach((partition, why) -> lines.add("Not looked at: " + partition + " " + why));
        evidence.notes().forEach(note -> lines.add("Note: " + note));
    }

    private String ago(Instant time) {
        Duration age = Duration.between(time, now);
        return age.isNegative() ? "ahead of this clock" : Elapsed.text(age) + " ago";
    }

    private void line(String what, String text) {
        lines.add("  " + what + " ".repeat(Math.max(1, 14 - what.length())) + text);
    }

    private static String capital(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
