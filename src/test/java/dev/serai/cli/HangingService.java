package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.JavaProcess;
import dev.serai.testing.SharedBroker;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import dev.serai.trial.standin.StandIn;
import dev.serai.trial.standin.StandInOptions;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The service as a process, on topics of its own, at a stand-in that never answers for the character {@code hangs}. */
final class HangingService implements AutoCloseable {
    static final String API_KEY = "a-key-of-this-test";

    private static final Pattern ADDRESS = Pattern.compile("who waits: http://(\\S+)/observe/waiting");

    final StandIn standIn = StandIn.start(StandInOptions.defaults().withPort(0).withApiKey(API_KEY));
    final JavaProcess process;

    private final String suffix = "." + UUID.randomUUID();

    HangingService() {
        standIn.script(FaultScript.always(Fault.hang()).forCharacter("hangs"));
        process = JavaProcess.startSerai(environment(), "run");
    }

    String startTopic() {
        return "start" + suffix;
    }

    String group() {
        return "group" + suffix;
    }

    /** Of the process, and of commands about it. */
    Map<String, String> environment() {
        return Map.ofEntries(
                Map.entry("KAFKA_BOOTSTRAP_SERVERS", SharedBroker.bootstrapServers()),
                Map.entry("CONVAI_BASE_URL", standIn.baseUrl().toString()),
                Map.entry("CONVAI_API_KEY", API_KEY),
                Map.entry("SERAI_HTTP_PORT", "0"),
                Map.entry("SERAI_INSTANCE_ID", "hanging" + suffix),
                Map.entry("SERAI_KAFKA_GROUP_ID", group()),
                Map.entry("SERAI_KAFKA_START_TOPIC", startTopic()),
                Map.entry("SERAI_KAFKA_REPLY_TOPIC", "replies" + suffix),
                Map.entry("SERAI_KAFKA_DEAD_LETTER_TOPIC", "dead-letters" + suffix),
                Map.entry("SERAI_KAFKA_SESSION_TOPIC", "sessions" + suffix),
                Map.entry("SERAI_CONNECT_RESPONSE_TIMEOUT", "2m"),
                Map.entry("SERAI_CONNECT_TOTAL_TIMEOUT", "2m"));
    }

    /** Where it says who waits; returns when it is ready. */
    String awaitAddress() {
        process.awaitErrors("Ready: ");
        process.awaitErrors("who waits: ");
        Matcher address = ADDRESS.matcher(process.errors());
        assertThat(address.find()).as(process.errors()).isTrue();
        return address.group(1);
    }

    @Override
    public void close() {
        process.close();
        standIn.close();
    }
}
