package dev.serai.cli;

import dev.serai.operate.explain.Question;
import dev.serai.operate.explain.Story;
import dev.serai.operate.explain.StoryJson;
import dev.serai.operate.explain.StoryText;
import dev.serai.operate.explain.TimeLeft;
import dev.serai.settings.Durations;
import dev.serai.settings.SeraiSettings;
import dev.serai.wire.Secrets;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serai explain}: what has become of an event, and why. */
@Command(
        name = "explain",
        description = {
            "Tells the story of an event, of a conversation or of a room: when it arrived and where, what it waits for and"
                    + " behind what, what its calls came to, its reply or its dead letter, whether its room is open, and"
                    + " what to do.",
            "",
            "Reads the topics, of the Kafka that KAFKA_BOOTSTRAP_SERVERS names, else of the embedded broker of a serai run on"
                    + " this machine, and asks the service's HTTP port what it holds; changes nothing. Each replica"
                    + " knows what it holds itself: name all of them by --at. Prints no token and no session id. Ends"
                    + " with exit code 1 if nothing is found."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./serai explain visit-1",
            "  ./serai explain conversation.start-3@41",
            "  ./serai explain --key learner-1 --at serai-0.example:8080 --at serai-1.example:8080",
            "  ./serai explain --room room-8f7e2d65 --since 7d --json"
        })
final class ExplainCommand extends SettingsCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "EVENT_ID",
            description = "What the event calls itself; one without an id by its topic-partition@offset.")
    private @Nullable String eventId;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "A conversation; a key that is not UTF-8 as 0x and hexadecimal digits.")
    private @Nullable String key;

    @Option(names = "--room", paramLabel = "NAME", description = "A room, by its room_name.")
    private @Nullable String room;

    @Option(
            names = "--at",
            paramLabel = "HOST:PORT",
            description =
                    "Where a service's HTTP port is (default: serai.http.host and serai.http.port). Repeatable, for"
                            + " all replicas.")
    private List<String> at = new ArrayList<>();

    @Option(
            names = "--since",
            paramLabel = "TIME",
            defaultValue = "24h",
            description = "How far back to look: 2h (ago), or 7d (default: ${DEFAULT-VALUE}).")
    private String since = "24h";

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "When to tell what was found until then (default: ${DEFAULT-VALUE}).")
    private String timeout = "60s";

    @Option(names = "--json", description = "One JSON object, for machines.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        Question question = question();
        Duration back = duration("--since", since);
        Duration limit = duration("--timeout", timeout);
        SeraiSettings settings = settings().load().values();
        List<ServicePort> ports = ports(settings);
        Map<String, Object> kafka = kafka(settings);
        LookProgress progress = new LookProgress(err());
        try {
            Story story = StoryFinder.story(settings, kafka, question, ports, back, TimeLeft.of(limit), progress);
            progress.clear();
            print(story);
            if (story.found()) {
                return ExitCode.OK;
            }
            boolean isAllSeen = story.evidence().forbidden().isEmpty()
                    && story.evidence().unseen().isEmpty();
            return isAllSeen ? ExitCode.FAILED : ExitCode.REFUSED;
        } catch (KafkaException e) {
            throw KafkaRefusedException.unanswered(KafkaRefusedException.because(
                    "the topics of " + RunningKafka.text(settings, kafka) + " cannot be read", e));
        }
    }

    /** Exit code 1 says that it was not found, which is not known then. */
    private static Map<String, Object> kafka(SeraiSettings settings) throws IOException, InterruptedException {
        try {
            return RunningKafka.properties(settings);
        } catch (IOException e) {
            throw KafkaRefusedException.unanswered(e);
        }
    }

    private Question question() {
        if ((eventId == null ? 0 : 1) + (key == null ? 0 : 1) + (room == null ? 0 : 1) != 1) {
            throw usage("expected one of EVENT_ID, --key KEY and --room NAME");
        }
        if (key != null) {
            if (key.isEmpty()) {
                throw usage("--key must not be empty: an event without a key is in no conversation");
            }
            return new Question.OfConversation(ConversationKey.bytes(key), key);
        }
        return room != null ? new Question.OfRoom(room) : new Question.OfEvent(String.valueOf(eventId));
    }

    private Duration duration(String option, String written) {
        try {
            Duration duration = Durations.ofOption(written);
            if (duration.isPositive()) {
                return duration;
            }
        } catch (IllegalArgumentException e) {
            throw usage(option + " " + e.getMessage() + ", was " + Printable.line(written));
        }
        throw usage(option + " must be longer than that, was " + Printable.line(written));
    }

    private List<ServicePort> ports(SeraiSettings settings) {
        if (at.isEmpty()) {
            return ServicePort.of(settings.http()).stream().toList();
        }
        return at.stream()
                .map(ServicePort::new)
                .peek(port -> {
                    if (!port.isAddress()) {
                        throw usage("--at: expected HOST:PORT such as 127.0.0.1:8080, was "
                                + Printable.line(port.address()));
                    }
                })
                .toList();
    }

    private void print(Story story) {
        PrintWriter out = out();
        if (json) {
            out.println(Printable.line(Secrets.masked(StoryJson.of(story)).toString()));
        } else {
            StoryText.lines(story).forEach(line -> out.println(Printable.line(Secrets.inLog(line))));
        }
        out.flush();
    }
}
