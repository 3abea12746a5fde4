package dev.serai.kafka;

import dev.serai.kafka.ListenerProbe.Seen;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.common.utils.Utils;

/**
 * The servers that client properties name, looked at before a client is made of them: a client whose
 * {@code security.protocol} is not the port's either runs out of memory or says no more than that nobody answers.
 * Immutable.
 */
public final class BootstrapServers {
    private final Map<String, Object> clientProperties;
    private final Map<String, Seen> seen;

    private BootstrapServers(Map<String, Object> clientProperties, Map<String, Seen> seen) {
        this.clientProperties = clientProperties;
        this.seen = seen;
    }

    /** Looks at all of them at once, which takes at most 9 s and among working brokers some milliseconds. */
    public static BootstrapServers look(Map<String, Object> clientProperties) throws InterruptedException {
        List<String> addresses = addresses(clientProperties);
        try (ExecutorService probes = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Seen>> tasks = new ArrayList<>();
            addresses.forEach(address -> tasks.add(() -> probe(address)));
            List<Future<Seen>> answers = probes.invokeAll(tasks);
            Map<String, Seen> seen = new LinkedHashMap<>();
            for (int i = 0; i < addresses.size(); i++) {
                seen.put(addresses.get(i), answers.get(i).get());
            }
            return new BootstrapServers(Map.copyOf(clientProperties), seen);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a probe failed", e.getCause());
        }
    }

    private static Seen probe(String address) {
        String host = Utils.getHost(address);
        Integer port = Utils.getPort(address);
        // What is no address at all is for the client to name.
        return host == null || port == null ? new Seen.Mute() : ListenerProbe.look(host, port);
    }

    private static List<String> addresses(Map<String, Object> clientProperties) {
        return Arrays.stream(ClientProperties.bootstrapServers(clientProperties).split(",", -1))
                .map(String::strip)
                .filter(address -> !address.isEmpty())
                .distinct()
                .toList();
    }

    /**
     * Returns if a client may be made.
     *
     * @throws TopicSetupException if one of them speaks something else than the client properties say, or if none of
     *     their names has an address; with what to change
     */
    public void requireFitting() {
        ListenerFit fit = new ListenerFit(clientProperties);
        seen.forEach((address, what) -> fit.mistake(address, what).ifPresent(text -> {
            throw new TopicSetupException(text, null);
        }));
        if (!seen.isEmpty() && seen.values().stream().allMatch(Seen.Unresolved.class::isInstance)) {
            throw new TopicSetupException(
                    "Kafka at " + String.join(",", seen.keySet())
                            + " cannot be found: this host's name service has no address for "
                            + (seen.size() == 1 ? "that name" : "any of these names")
                            + "; check KAFKA_BOOTSTRAP_SERVERS, and the name service",
                    null);
        }
    }

    /**
     * Why a client got no answer, as far as that can be found out now, and what to do; takes some seconds. Kafka's
     * clients say "timed out" for all of it.
     */
    String whyNoAnswer() {
        List<String> reasons = new ArrayList<>();
        seen.forEach((address, what) -> {
            switch (what) {
                case Seen.Unresolved ignored -> reasons.add(address + " has no address");
                case Seen.Unreachable unreachable -> reasons.add(address + ": " + unreachable.reason());
                case Seen.Mute ignored ->
                    reasons.add(
                            address
                                    + " takes connections and does not answer: it is overloaded, or no listener for Kafka's clients");
                case Seen.Tls ignored ->
                    AdvertisedBrokers.trouble(clientProperties, address).ifPresent(reasons::add);
                case Seen.Plain ignored ->
                    AdvertisedBrokers.trouble(clientProperties, address).ifPresent(reasons::add);
                case Seen.Foreign ignored -> reasons.add(address + " is not Kafka");
            }
        });
        String check = "check that it runs and that KAFKA_BOOTSTRAP_SERVERS names it";
        return reasons.isEmpty() ? check : String.join("; ", reasons) + ". Otherwise " + check;
    }
}
