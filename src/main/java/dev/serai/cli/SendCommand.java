package dev.serai.cli;

import dev.serai.service.EventRules;
import dev.serai.settings.Durations;
import dev.serai.settings.SeraiSettings;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RecordHeader;
import dev.serai.wire.event.StartEventDecoder;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code serai send}: publishes one event, and waits for its reply. */
@Command(
        name = "send",
        description = {
            "Publishes one event on the start topic, waits for its reply, and prints it with its secrets masked: the fastest way to"
                    + " try a deployment.",
            "",
            "The event is a FILE, standard input (-), or nothing but what the options say; options win over a file. It is"
                    + " looked at before it is sent, as a service with these settings would. The reply is"
                    + " recognized by a header of the command's own (the first of serai.reply.correlation-headers that is not of"
                    + " tracing), in whichever partition it comes. The Kafka is that of KAFKA_BOOTSTRAP_SERVERS, else the"
                    + " embedded broker of a serai run on this machine."
        },
        exitCodeList = {
            "0:the reply says started, or ended with no session left open",
            "1:it says failed, and not that the provider has refused; or sessions are left open; or the event could not be sent",
            "2:wrong usage, or an event that the service would refuse: nothing was sent",
            "3:invalid settings, or refused by Kafka; or the reply says failed, and that the provider has refused (it answered"
                    + " 400 to 499)",
            "4:sent, and no reply in time; standard error says what may be the reason",
            "130, 143:ended by SIGINT (Ctrl-C), by SIGTERM; an event that was sent stays sent"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./serai send --key caller-1 --character-id museum-guide",
            "  ./serai send --key caller-1 event.json --wait 20s",
            "  ./serai send --key caller-1 event.json --field ttl_ms=60000",
            "  ./serai send --key caller-1 --json -",
            "  ./serai send --key caller-1 --end"
        })
final class SendCommand extends SettingsCommand {
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    @Mixin
    private final EventOptions eventOptions = new EventOptions();

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            defaultValue = "5s",
            description =
                    "How long to wait for the reply (default: ${DEFAULT-VALUE}). A start event that names no deadline gets it"
                            + " as ttl_ms, if that is longer than serai.reply.default-ttl; not with --no-check.")
    private String wait = "5s";

    @Option(
            names = "--no-check",
            description =
                    "Send it as it is: where the service has other settings than these, or to see how it refuses an event.")
    private boolean unchecked;

    @Option(
            names = "--show-secrets",
            description = "Print the reply as it is, with what lets its reader join the room.")
    private boolean secretsShown;

    @Option(names = "--json", description = "Only the reply, in one line, for machines.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        Duration limit = limit();
        SeraiSettings settings = settings().load().values();
        OriginalRecord event = eventOptions.event(settings);
        if (!unchecked) {
            Optional<OriginalRecord> checked = new SendCheck(settings, this::say).checked(event, limit);
            if (checked.isEmpty()) {
                return ExitCode.WRONG_USAGE;
            }
            event = checked.get();
        }
        if (event.key() == null) {
            say("no --key: the event belongs to no conversation, and nothing is remembered of it");
        }
        Map<String, Object> kafka = RunningKafka.properties(settings);
        String replyTopic = EventRules.replyTopics(settings).topicFor(event);
        try (var replies = ReplyReader.open(kafka, event.topic(), replyTopic)) {
            RecordMetadata at = StartTopic.publish(kafka, "the event", List.of(kafkaRecord(event)))
                    .getFirst();
            String place = at.topic() + "-" + at.partition() + "@" + at.offset();
            List<ReceivedReply> found;
            try (var stop = StopSignal.install()) {
                say("sent " + Printable.line(id(event, at)) + ", which is " + place + "; waiting up to "
                        + Durations.format(limit) + " for the reply on " + replyTopic);
                RecordHeader own = event.headers().getFirst();
                found = replies.await(reply -> reply.echoes(own), 1, limit, stop::isRequested);
                if (found.isEmpty() && stop.isRequested()) {
                    say("not waiting any more: the event stays where it is, and its reply will come");
                    return ExitCode.NO_REPLY;
                }
            }
            if (found.isEmpty()) {
                say("no reply within " + Durations.format(limit) + " to " + place + " of "
                        + RunningKafka.text(settings, kafka));
                say(new WhyNoReply(kafka, settings.kafka().groupId())
                        .of(new TopicPartition(at.topic(), at.partition()), at.offset()));
                return ExitCode.NO_REPLY;
            }
            print(found.getFirst());
            return exitCode(found.getFirst());
        }
    }

    private Duration limit() {
        try {
            Duration limit = Durations.ofOption(wait);
            if (limit.isNegative() || limit.compareTo(LONGEST_WAIT) > 0) {
                throw new IllegalArgumentException("must be at least 0s and at most " + Durations.format(LONGEST_WAIT));
            }
            return limit;
        } catch (IllegalArgumentException e) {
            throw usage("--wait " + e.getMessage() + ", was " + Printable.line(wait));
        }
    }

    private static ProducerRecord<byte[], byte[]> kafkaRecord(OriginalRecord event) {
        var kafkaRecord = new ProducerRecord<>(event.topic(), event.key(), event.value());
        event.headers().forEach(header -> kafkaRecord.headers().add(header.name(), header.value()));
        return kafkaRecord;
    }

    /** What the service calls it. */
    @SuppressWarnings("NullAway") // it does not see the annotations of a record's arrays, which may be null
    private static String id(OriginalRecord event, RecordMetadata at) {
        return StartEventDecoder.eventId(new OriginalRecord(
                at.topic(),
                at.partition(),
                at.offset(),
                event.timestamp(),
                event.key(),
                event.value(),
                event.headers()));
    }

    private void print(ReceivedReply reply) {
        ReplyText text = new ReplyText(reply, secretsShown);
        PrintWriter out = out();
        if (json) {
            out.println(text.line());
        } else {
            out.println(text.summary());
            out.println(text.indented());
        }
        out.flush();
        if (reply.status().equals(ReceivedReply.ENDED) && !reply.isDone()) {
            say(reply.left());
        }
    }

    private static int exitCode(ReceivedReply reply) {
        if (reply.isDone()) {
            return ExitCode.OK;
        }
        return reply.isRefusedByProvider() ? ExitCode.REFUSED : ExitCode.FAILED;
    }
}
