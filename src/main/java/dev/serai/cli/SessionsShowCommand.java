package dev.serai.cli;

import dev.serai.loop.Counted;
import dev.serai.session.ConversationLookup;
import dev.serai.session.ConversationState;
import dev.serai.session.SealedSession;
import dev.serai.session.SessionRecord;
import dev.serai.settings.SeraiSettings;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import picocli.CommandLine.Command;

/** {@code serai sessions show}: one conversation, as the session topic has it. */
@Command(
        name = "show",
        description = {
            "Shows a conversation's latest session with each character, the events that were answered last, whether it was"
                    + " ended for good, and the"
                    + " sessions that may be open, as far as serai.sessions.key-file has the topic know them.",
            "",
            "Reads the whole session topic, of the Kafka that KAFKA_BOOTSTRAP_SERVERS names, else of the embedded broker"
                    + " of a serai run on this machine. A service without serai.sessions.key-file keeps its open sessions in"
                    + " memory only, and they are not shown. Says on standard error if events of the conversation come through"
                    + " more than one partition, or another one than Java's clients choose. Ends with exit code 1 if"
                    + " nothing is remembered."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  ./serai sessions show learner-1", "  ./serai sessions show 0x80ff"})
final class SessionsShowCommand extends SessionCommand {
    @Override
    public Integer call() throws Exception {
        SeraiSettings settings = settings().load().values();
        String topic = settings.kafka().sessionTopic();
        Map<String, Object> kafka = RunningKafka.properties(settings);
        byte[] bytes = key();
        try (var lookup = new ConversationLookup(kafka, topic, bytes, READ_LIMIT)) {
            SortedMap<Integer, SessionRecord.Content> found = find(lookup, topic, RunningKafka.text(settings, kafka));
            if (found.isEmpty()) {
                return ExitCode.FAILED;
            }
            PrintWriter out = out();
            found.forEach((partition, content) -> {
                print(out, partition, content.state());
                printOpen(out, content.openSessions(), settings.connect().sessionIdle());
            });
            out.flush();
            advise(settings.kafka().startTopic(), bytes, found, lookup);
            return ExitCode.OK;
        }
    }

    /** Session records lie in the partitions of the same numbers as the events that they come from. */
    private void advise(
            String startTopic,
            byte[] bytes,
            SortedMap<Integer, SessionRecord.Content> found,
            ConversationLookup lookup) {
        PartitionAdvice.of(bytes, new TreeSet<>(found.keySet()), startTopic, lookup.partitionCount(startTopic))
                .ifPresent(this::say);
    }

    private static void print(PrintWriter out, int partition, ConversationState state) {
        out.println("partition " + partition + ", updated at " + state.updatedAt());
        state.sessions()
                .forEach((characterId, session) -> print(out, "  session with " + characterId + ": " + session));
        if (!state.eventIds().isEmpty() || state.ends().isEmpty()) {
            print(out, "  answered events: " + String.join(", ", state.eventIds()));
        }
        state.ends()
                .forEach((tenant, end) -> print(
                        out,
                        "  ended for good at " + end.at() + " by event " + end.eventId() + " of tenant " + tenant));
    }

    /** Others chose the ids that the line has. */
    private static void print(PrintWriter out, String line) {
        out.println(Printable.line(line));
    }

    private static void printOpen(PrintWriter out, List<SealedSession> sessions, Duration idle) {
        Instant now = Instant.now();
        List<SealedSession> open = sessions.stream()
                .filter(session -> !session.isForgotten(idle, now))
                .toList();
        if (!open.isEmpty()) {
            out.println("  " + Counted.text(open.size(), "open session"));
        }
        for (SealedSession session : open) {
            print(
                    out,
                    "    with " + session.characterId() + ", opened at " + session.openedAt()
                            + (session.closeAt() == null ? "" : ", to be closed at " + session.closeAt())
                            + (session.isOver(idle, now) ? ", probably over" : ""));
        }
    }
}
