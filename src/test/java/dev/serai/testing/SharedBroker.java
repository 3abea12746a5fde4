package dev.serai.testing;

import dev.serai.trial.broker.EmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** One embedded broker for all tests of this JVM, started when the first needs it and stopped with the JVM. */
public final class SharedBroker {
    private SharedBroker() {}

    private static final class Holder {
        static final EmbeddedBroker BROKER = start();

        private static EmbeddedBroker start() {
            try {
                Path directory = Files.createTempDirectory(Path.of("target"), "broker");
                // It is never started a second time, so that nobody waits for the end of its session. With one of 4 s,
                // as
                // others have it, it has no leaders for a moment whenever the machine stands still for longer.
                Map<String, String> patient = Map.of("broker.session.timeout.ms", "60000");
                EmbeddedBroker broker = EmbeddedBroker.start(directory, 0, patient);
                Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "stop-shared-broker"));
                return broker;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    public static String bootstrapServers() {
        return Holder.BROKER.bootstrapServers();
    }

    /** Makes a topic of one partition. */
    public static void createTopic(String name) {
        Topics.create(bootstrapServers(), 1, name);
    }
}
