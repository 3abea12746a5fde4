package dev.serai.service;

import dev.serai.connect.Disconnects;
import dev.serai.connect.EndingMetrics;
import dev.serai.connect.ProviderAccount;
import dev.serai.connect.ProviderEndpoint;
import dev.serai.connect.SessionEnder;
import dev.serai.connect.Tenant;
import dev.serai.connect.Tenants;
import dev.serai.connect.answer.AnswerClassifier;
import dev.serai.connect.answer.RetryAfter;
import dev.serai.connect.gate.Gate;
import dev.serai.connect.gate.GateRules;
import dev.serai.connect.gate.Share;
import dev.serai.engine.PartitionShare;
import dev.serai.http.BoundedHttpClient;
import dev.serai.http.Credentials;
import dev.serai.http.HttpClientWatch;
import dev.serai.http.Transport;
import dev.serai.loop.BackgroundLoop;
import dev.serai.settings.ConnectSettings;
import dev.serai.settings.HeldSecret;
import dev.serai.settings.Secret;
import dev.serai.settings.SecretFileWatch;
import dev.serai.settings.SeraiSettings;
import dev.serai.settings.Settings;
import dev.serai.settings.TenantSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.spi.Registry;
import org.jspecify.annotations.Nullable;

/**
 * The way to the provider for each tenant: account, client and gate. Knows this process's part of the fleet's quotas.
 * Thread-safe.
 */
final class Providers implements PartitionShare, AutoCloseable {
    private static final RandomGenerator RANDOM =
            () -> ThreadLocalRandom.current().nextLong();

    private final Map<String, Gate> gates = new LinkedHashMap<>();
    private final Map<String, String> keyRemedies = new LinkedHashMap<>();
    private final Map<String, BoundedHttpClient> clients = new LinkedHashMap<>();
    private final List<HttpClientWatch> watches = new ArrayList<>();
    private final Disconnects disconnects;
    private final Tenants tenants;
    private final SecretFileWatch keyFiles;
    private final BackgroundLoop gateLog;

    Providers(SeraiSettings settings, Map<String, ProviderAccount> accounts, MeterRegistry meters, Clock clock) {
        ConnectSettings connect = settings.connect();
        List<Tenant> all = new ArrayList<>();
        List<SecretFileWatch.Watched> files = new ArrayList<>();
        Map<String, Disconnects.Account> ending = new LinkedHashMap<>();
        accounts.forEach((name, account) -> {
            TenantSettings tenant = settings.tenant(name);
            Credentials credentials = account.credentials();
            Gate gate = new Gate(
                    name + " at " + host(account.baseUrl()), rules(tenant, connect.gate()), System::nanoTime, RANDOM);
            credentials.onChange(gate::credentialsChanged);
            gates.put(name, gate);
            keyRemedies.put(name, keyRemedy(name, tenant.apiKeyFile()));
            HttpClientWatch watch = watch(name, meters);
            clients.put(
                    name,
                    new BoundedHttpClient(
                            watch,
                            ProviderTransport.of(connect),
                            tenant.maxConcurrent(),
                            AnswerClassifier.MAX_BODY_BYTES,
                            Map.of("X-API-Key", credentials::key)));
            ending.put(
                    name,
                    new Disconnects.Account(
                            account.baseUrl(), endingClient(watch, ProviderTransport.of(connect)), gate));
            all.add(new Tenant(
                    name,
                    new ProviderEndpoint(account.baseUrl(), clientBean(name)).uri(),
                    gate,
                    new AnswerClassifier(new RetryAfter(clock, connect.maxRetryAfter()), credentials::key)));
            if (tenant.apiKeyFile() != null) {
                files.add(new SecretFileWatch.Watched(
                        tenant.apiKeyFile().file(),
                        new Secret(credentials.key()),
                        key -> credentials.replace(key.reveal())));
            }
        });
        tenants = new Tenants(all);
        disconnects = new Disconnects(ending, new EndingMetrics(meters));
        keyFiles = new SecretFileWatch(files);
        gateLog = BackgroundLoop.start(
                "serai-gate-log", Gate.LOOK_INTERVAL, () -> gates.values().forEach(Gate::sayWhetherHeld));
    }

    private static String keyRemedy(String tenant, @Nullable HeldSecret keyFile) {
        return keyFile == null
                ? "set " + Settings.apiKeyVariable(tenant) + " to one that it accepts, and restart"
                : "put one that it accepts into " + keyFile.file().path() + ", which is read again when it changes";
    }

    private static String host(URI baseUrl) {
        return baseUrl.getPort() < 0 ? baseUrl.getHost() : baseUrl.getHost() + ":" + baseUrl.getPort();
    }

    private HttpClientWatch watch(String tenant, MeterRegistry meters) {
        HttpClientWatch watch = new HttpClientWatch("tenant " + tenant, meters);
        watches.add(watch);
        return watch;
    }

    /** Without the key: a session's id is its own credential. */
    private static BoundedHttpClient endingClient(HttpClientWatch watch, Transport transport) {
        return new BoundedHttpClient(
                watch,
                ProviderTransport.within(transport, Disconnects.LONGEST_CALL),
                Disconnects.AT_ONCE,
                Disconnects.MAX_ANSWER_BYTES,
                Map.of());
    }

    private static GateRules rules(TenantSettings tenant, ConnectSettings.Gate gate) {
        return new GateRules(
                tenant.maxConcurrent(),
                tenant.rate(),
                tenant.burst(),
                gate.coolDown(),
                gate.credentialsProbe(),
                gate.outageCalls(),
                gate.outageProbe(),
                gate.maxOutageProbe());
    }

    private static String clientBean(String tenant) {
        return "providerClient-" + tenant;
    }

    Tenants tenants() {
        return tenants;
    }

    /** Ends sessions until {@link #close}. */
    SessionEnder sessionEnder() {
        return disconnects;
    }

    /** By the tenants' names. */
    Map<String, Gate> gates() {
        return gates;
    }

    /** What to do when its key is refused, by the tenants' names. */
    Map<String, String> keyRemedies() {
        return keyRemedies;
    }

    /** What their HTTP clients meet. */
    List<HttpClientWatch> watches() {
        return watches;
    }

    void bindTo(Registry beans) {
        clients.forEach((name, client) -> beans.bind(clientBean(name), HttpClientConfigurer.class, client));
    }

    @Override
    public void becomes(int partitions, int of) {
        gates.values().forEach(gate -> gate.share(new Share(partitions, of)));
    }

    @Override
    public boolean awaitKept(Duration patience) throws InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        boolean kept = true;
        for (Gate gate : gates.values()) {
            kept &= gate.awaitWithinShare(Duration.ofNanos(until - System.nanoTime()));
        }
        return kept;
    }

    @Override
    public void close() {
        disconnects.close();
        gateLog.close();
        keyFiles.close();
    }
}
