package dev.serai.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.kafka.TopicSetup;
import dev.serai.operate.letters.DeadLetters;
import dev.serai.operate.letters.LetterFilter;
import dev.serai.operate.letters.Replay;
import dev.serai.operate.letters.ReplayMarks;
import dev.serai.operate.letters.ReplayOrder;
import dev.serai.operate.letters.ReplayRules;
import dev.serai.operate.letters.ReplayTally;
import dev.serai.settings.Durations;
import dev.serai.settings.MappedIntake;
import dev.serai.settings.SeraiSettings;
import dev.serai.wire.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code serai dead-letters replay}: publishes events of dead letters again, each once. */
@Command(
        name = "replay",
        description = {
            "Publishes the events of dead letters again: to the topic and partition that they came from, with their keys,"
                    + " values and headers, in their order. Without --yes it only says what it would do.",
            "",
            "Each letter is replayed once: it is marked, on the topic of letters' name with .replayed behind it, in the"
                    + " transaction that publishes its event. The same command again does what is left, also after it was"
                    + " killed; of two at once the second goes on, and the first ends. Who did it, when and why is kept"
                    + " there, too, and dead-letters show tells it.",
            "",
            "An event with ttl_ms, or without a deadline, has its time anew; a CloudEvent loses its time for that, from"
                    + " which its deadline would count. One whose expires_at has passed stays, unless --deadline gives it"
                    + " another: then its value is changed, ttl_ms in place of expires_at. Letters that name another topic"
                    + " than the start topic stay, too, unless --to is given."
        },
        exitCodeList = {
            "0:done, or nothing to do, or said what it would do",
            "1:not all of it done: stopped, another replay has taken over, or a topic has not taken an event",
            "2:wrong usage",
            "3:invalid settings, or refused by Kafka",
            "130, 143:ended by SIGINT (Ctrl-C), by SIGTERM; what was published is marked, the same command goes on"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./serai dead-letters replay --category provider_unavailable --since 3h",
            "  ./serai dead-letters replay --category provider_unavailable --since 3h --yes --reason outage-in-november",
            "  ./serai dead-letters replay --key caller-1 --deadline 10m --yes --reason called-back",
            "  ./serai dead-letters replay --topic orders.DLT --to conversation.start --rate 5 --yes --reason moved"
        })
final class DeadLettersReplayCommand extends LettersCommand {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    private static final Duration LONGEST_DEADLINE = Duration.ofDays(365);
    private static final int HIGHEST_RATE = 10_000;
    private static final int MOST_REPLAYS = 999_999;

    @Mixin
    private final LetterOptions letterOptions = new LetterOptions();

    @Option(names = "--yes", description = "Do it.")
    private boolean yes;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept with who did it. Needed with --yes.")
    private @Nullable String reason;

    @Option(
            names = "--to",
            paramLabel = "TOPIC",
            description =
                    "Where all of them go (default: where each came from, if that is the start topic). The key then"
                            + " chooses the partition.")
    private @Nullable String to;

    @Option(
            names = "--deadline",
            paramLabel = "DURATION",
            description = "What each event has from its publishing on, such as 10m, in place of what it says.")
    private @Nullable String deadline;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "0",
            description = "At most so many in a second (default: no bound).")
    private int rate;

    @Option(
            names = "--max-replays",
            paramLabel = "N",
            defaultValue = "3",
            description = "Letters of events that were replayed so often stay (default: ${DEFAULT-VALUE}).")
    private int maxReplays = 3;

    @Option(names = "--json", description = "One JSON object, for machines.")
    private boolean json;

    @Override
    int call(SeraiSettings settings, Map<String, Object> kafka, DeadLetters letters) throws Exception {
        InstantSource clock = InstantSource.system();
        LetterFilter filter = letterOptions.filter(clock);
        ReplayRules rules = rules(settings);
        if (!yes) {
            report(Replay.plan(kafka, letters, filter, rules, clock), true, null);
            if (!json) {
                say("nothing was done: --yes and --reason TEXT do it");
            }
            return ExitCode.OK;
        }
        if (reason == null || reason.isBlank()) {
            throw usage("--yes needs --reason TEXT: it is kept with who did it");
        }
        new TopicSetup(kafka, settings.kafka().createTopics(), ANSWER_LIMIT)
                .ensureKept(ReplayMarks.topic(letters.topic()));
        ReplayOrder order = ReplayOrder.of(
                System.getProperty("user.name", "unknown"), reason, clock.instant(), filter, rules, rate);
        return replay(kafka, letters, order, clock);
    }

    private int replay(Map<String, Object> kafka, DeadLetters letters, ReplayOrder order, InstantSource clock)
            throws IOException {
        try (var stop = StopSignal.install();
                var replay = Replay.open(kafka, letters, order, clock)) {
            try {
                ReplayTally done = run(replay, stop);
                report(done, false, order);
                if (stop.isRequested()) {
                    say("stopped: the same command goes on with what is left");
                    return ExitCode.FAILED;
                }
                return done.refused() > 0 ? ExitCode.FAILED : ExitCode.OK;
            } catch (ProducerFencedException | InvalidProducerEpochException e) {
                report(replay.done(), false, order);
                throw new IOException(
                        "another replay of " + letters.topic()
                                + " has taken over, or Kafka was too slow. What was published is marked: the same command"
                                + " goes on with what is left, and ends the other",
                        e);
            } catch (KafkaException e) {
                say("after " + replay.done().published() + " events: the same command goes on with what is left");
                throw e;
            }
        } catch (TransactionalIdAuthorizationException e) {
            throw KafkaRefusedException.because(
                    "this client needs WRITE and DESCRIBE on the transactional id "
                            + ReplayMarks.topic(letters.topic()),
                    e);
        }
    }

    /** On a terminal one sees how far it is. */
    private ReplayTally run(Replay replay, StopSignal stop) {
        try (var line = new ProgressLine(err(), Terminal.isThere())) {
            return replay.run(
                    stop::isRequested,
                    done -> line.show(
                            "serai: " + done.published() + " events published, " + done.stay() + " letters stay"));
        }
    }

    private ReplayRules rules(SeraiSettings settings) {
        if (rate < 0 || rate > HIGHEST_RATE) {
            throw usage("--rate must be 0 to " + HIGHEST_RATE + ", was " + rate);
        }
        if (maxReplays < 1 || maxReplays > MOST_REPLAYS) {
            throw usage("--max-replays must be 1 to " + MOST_REPLAYS + ", was " + maxReplays);
        }
        Set<String> raw =
                settings.intake().values().stream().map(MappedIntake::topic).collect(Collectors.toSet());
        return new ReplayRules(Set.of(settings.kafka().startTopic()), raw, to, maxReplays, newDeadline());
    }

    private @Nullable Duration newDeadline() {
        if (deadline == null) {
            return null;
        }
        try {
            Duration wanted = Durations.ofOption(deadline);
            if (wanted.compareTo(Duration.ofMillis(1)) < 0 || wanted.compareTo(LONGEST_DEADLINE) > 0) {
                throw new IllegalArgumentException("must be at least 1ms and at most 365d");
            }
            return wanted;
        } catch (IllegalArgumentException e) {
            throw usage("--deadline " + e.getMessage() + ", was " + Printable.line(deadline));
        }
    }

    private void report(ReplayTally tally, boolean isPlan, @Nullable ReplayOrder order) {
        if (json) {
            ObjectNode report = Json.MAPPER.createObjectNode();
            report.put("dry_run", isPlan);
            report.put("replay_id", order == null ? null : order.id());
            report.setAll(tally.json());
            out().println(Printable.line(report.toString()));
        } else {
            tally.lines(isPlan).forEach(line -> out().println(Printable.line(line)));
            if (order != null) {
                out().println("replay " + order.id());
            }
        }
        out().flush();
    }
}
