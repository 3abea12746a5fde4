package dev.serai.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.Serai;
import dev.serai.cli.ExitCode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.SecuredBroker;
import dev.serai.testing.StartEvents;
import dev.serai.testing.TokenEndpoint;
import dev.serai.testing.TopicReader;
import dev.serai.trial.standin.StandIn;
import dev.serai.trial.standin.StandInOptions;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A service that logs in with tokens, as it runs in production: without what only the embedded broker needs. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
@LeftToCi
class OAuthBearerTest {
    private static final String USER = "by-token";

    @AutoClose
    private static SecuredBroker broker;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() {
        broker = SecuredBroker.start();
    }

    @Test
    void service_logsInWithATokenAndAnswers() throws Exception {
        StandInOptions options = StandInOptions.defaults();
        try (TokenEndpoint tokens = new TokenEndpoint(USER, Duration.ofMinutes(5));
                StandIn provider = StandIn.start(options)) {
            broker.allow(USER, everything());
            try (JavaProcess run = run(List.of(), tokens, provider, options.apiKey())) {
                run.awaitErrors("Ready: ");
                StartEvents.publish(
                        broker.openServers(),
                        "conversation.start",
                        "caller",
                        "{\"event_id\":\"e1\",\"character_id\":\"guide\"}");

                try (TopicReader replies = new TopicReader(broker.openServers(), "conversation.replies")) {
                    assertThat(RunningSerai.json(replies.await("reply", any -> true))
                                    .path("status")
                                    .asText())
                            .isEqualTo("started");
                }
                assertThat(tokens.asked()).isPositive();
                assertThat(run.errors()).doesNotContain("NoClassDefFoundError", "ClassNotFound", "ERROR");
            }
        }
    }

    @Test
    void endpointThatIsDownAtTheStart_isNamed() throws Exception {
        try (TokenEndpoint tokens = new TokenEndpoint(USER, Duration.ofMinutes(5));
                StandIn provider = StandIn.start(StandInOptions.defaults())) {
            tokens.down(true);

            try (JavaProcess run = run(List.of(), tokens, provider, "key")) {
                assertThat(run.exitCode()).as(run::errors).isEqualTo(ExitCode.REFUSED);
                assertThat(lastWords(run)).contains("sasl.oauthbearer.token.endpoint.url", "503");
            }
        }
    }

    @Test
    void addressesThatTheOperatorHasAllowed_stand() throws Exception {
        try (TokenEndpoint tokens = new TokenEndpoint(USER, Duration.ofMinutes(5));
                StandIn provider = StandIn.start(StandInOptions.defaults())) {
            String allowed = "org.apache.kafka.sasl.oauthbearer.allowed.urls";

            try (JavaProcess run =
                    run(List.of("-D" + allowed + "=https://elsewhere.example"), tokens, provider, "key")) {
                assertThat(run.exitCode()).as(run::errors).isEqualTo(ExitCode.REFUSED);
                assertThat(lastWords(run)).contains(allowed);
                assertThat(tokens.asked()).isZero();
            }
        }
    }

    private static String lastWords(JavaProcess run) {
        return run.errors().substring(run.errors().lastIndexOf("serai: "));
    }

    private static List<SecuredBroker.Right> everything() {
        List<SecuredBroker.Right> rights = new ArrayList<>();
        for (String topic : List.of("start", "replies", "dead-letters", "sessions")) {
            rights.add(SecuredBroker.Right.topic("conversation." + topic, AclOperation.ALL));
        }
        rights.add(SecuredBroker.Right.group("serai", AclOperation.ALL));
        rights.add(SecuredBroker.Right.transactions("serai", AclOperation.ALL));
        return rights;
    }

    private JavaProcess run(List<String> options, TokenEndpoint tokens, StandIn provider, String apiKey)
            throws Exception {
        List<String> arguments = new ArrayList<>(List.of("run"));
        for (String setting : List.of(
                "serai.kafka.bootstrap-servers=" + broker.saslServers(),
                "serai.kafka.client-properties-file=" + SecuredBroker.file(directory, tokens.clientProperties()),
                "serai.connect.base-url=" + provider.baseUrl(),
                "serai.http.port=0")) {
            arguments.add("--set");
            arguments.add(setting);
        }
        return JavaProcess.start(
                options,
                asInProduction(),
                Map.of("CONVAI_API_KEY", apiKey),
                Serai.class,
                arguments.toArray(String[]::new));
    }

    /** The class path without what the build puts into {@code target/lib-embedded}. */
    private static String asInProduction() throws Exception {
        String pom = Files.readString(Path.of("pom.xml"));
        List<String> groups = named("embedded.groupIds", pom).stream()
                .map(group -> "/" + group.replace('.', '/') + "/")
                .toList();
        List<String> artifacts = named("embedded.artifactIds", pom);
        return Arrays.stream(JavaProcess.classPath().split(File.pathSeparator, -1))
                .filter(entry -> {
                    String path = entry.replace(File.separatorChar, '/');
                    return groups.stream().noneMatch(path::contains)
                            && artifacts.stream().noneMatch(artifact -> path.contains("/" + artifact + "/"));
                })
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static List<String> named(String property, String pom) {
        Matcher value =
                Pattern.compile("<" + property + ">([^<]+)</" + property + ">").matcher(pom);
        assertThat(value.find()).as(property).isTrue();
        return List.of(value.group(1).split(",", -1));
    }
}
