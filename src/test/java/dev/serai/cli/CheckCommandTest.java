package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.RawServer;
import dev.serai.testing.RouteFiles;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.SharedPostgres;
import dev.serai.testing.Topics;
import dev.serai.testing.TypedCommands;
import dev.serai.wire.Json;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** In this process; {@link PathsTest} has it as one of its own, {@code StartRightsTest} on a Kafka with an authorizer. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
class CheckCommandTest {
    private final String suffix = "." + UUID.randomUUID();
    private final TypedCommands commands = new TypedCommands();

    @TempDir
    private Path directory;

    @Test
    void nothingNamed_looksAtSettingsAndRoutes_andSaysWhatItDoesNotLookAt() {
        assertThat(check()).isEqualTo(ExitCode.OK);

        assertThat(lines("ok"))
                .satisfiesExactly(
                        settings -> assertThat(settings).contains("settings"),
                        http -> assertThat(http).contains("http", "any port of 127.0.0.1 that is free"),
                        routes -> assertThat(routes)
                                .contains("all 10 routes of the folder ", "can be made, and what they name is there"));
        assertThat(lines("not checked"))
                .anyMatch(line -> line.contains("no Kafka is named") && line.contains("KAFKA_BOOTSTRAP_SERVERS"))
                .anyMatch(line -> line.contains("provider"));
        assertThat(commands.out()).endsWith("not checked: 3\n");
    }

    @Test
    void settingsOfOnesOwn_areNamed_andTheirValuesAreNot() {
        assertThat(check("my.topic=a-secret-of-this-test", "my.other=x")).isEqualTo(ExitCode.OK);

        assertThat(lines("ok").getFirst()).contains("settings", "; and 2 of your own: my.other, my.topic");
        assertThat(commands.out()).doesNotContain("a-secret-of-this-test");
    }

    @Test
    void mistakesInSettings_areAllPrinted_andEndAsAStartDoes() {
        assertThat(check("serai.kafka.start-topik=x", "serai.connect.max-attempts=0"))
                .isEqualTo(ExitCode.INVALID_SETTINGS);

        assertThat(lines("refused"))
                .anyMatch(line -> line.contains("serai.kafka.start-topik") && line.contains("serai.kafka.start-topic"))
                .anyMatch(line -> line.contains("serai.connect.max-attempts"));
        assertThat(lines("not checked")).singleElement().asString().contains("nothing but the settings was looked at");
    }

    @Test
    void namedKafkaWithoutAKey_isRefusedAsAStartRefusesIt() {
        assertThat(check("serai.kafka.bootstrap-servers=127.0.0.1:1")).isEqualTo(ExitCode.INVALID_SETTINGS);

        assertThat(lines("refused")).singleElement().asString().contains("no API key");
    }

    @Test
    void httpPortThatIsTaken_isWrong() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(check("serai.http.port=" + taken.getLocalPort())).isEqualTo(ExitCode.FAILED);

            assertThat(lines("wrong"))
                    .singleElement()
                    .asString()
                    .contains("serai.http.port: " + taken.getLocalPort() + " on 127.0.0.1 cannot be used");
        }
    }

    /** As the bridge is, when it is copied and its topics have not been made. */
    @Test
    void topicsOfOwnRoutesThatAreNotThere_areNamedWithTheirRoutes() throws Exception {
        Path folder = RouteFiles.copyWithExample("bridge-from-topic");
        List<String> settings = new ArrayList<>(List.of(onKafka(SharedBroker.bootstrapServers())));
        settings.addAll(List.of(
                "serai.routes-dir=" + folder,
                "bridge.topic=check.calls" + suffix,
                "bridge.rejected-topic=check.rejected" + suffix));

        assertThat(check(settings.toArray(String[]::new))).isEqualTo(ExitCode.REFUSED);

        assertThat(lines("refused"))
                .satisfiesExactlyInAnyOrder(
                        read -> assertThat(read)
                                .contains(
                                        "topics ",
                                        "topic check.calls" + suffix + " does not exist, and route bridge-from-topic"
                                                + " (bridge-from-topic.camel.yaml) begins with it",
                                        "kafka-topics.sh --bootstrap-server " + SharedBroker.bootstrapServers()
                                                + " --create --topic check.calls" + suffix),
                        sent -> assertThat(sent)
                                .contains(
                                        "topic check.rejected" + suffix + " does not exist, and route bridge-from-topic"
                                                + " (bridge-from-topic.camel.yaml), step send-to-rejected-topic sends to it"));
        assertThat(lines("ok")).anyMatch(line -> line.contains("READ group check" + suffix + "-bridge"));
    }

    @Test
    void topicOfAnotherCluster_isNotLookedFor() throws Exception {
        Path folder = RouteFiles.copyWith(Map.of());
        Files.writeString(folder.resolve("mine.camel.yaml"), """
                - route:
                    id: mine
                    from:
                      uri: kafka:over-there?brokers=127.0.0.1:1&groupId=mine
                      steps:
                        - to: log:mine
                """);
        List<String> settings = new ArrayList<>(List.of(onKafka(SharedBroker.bootstrapServers())));
        settings.add("serai.routes-dir=" + folder);

        assertThat(check(settings.toArray(String[]::new))).isEqualTo(ExitCode.OK);

        assertThat(lines("not checked"))
                .anyMatch(line -> line.contains("topic over-there of route mine (mine.camel.yaml): its endpoint names"
                        + " brokers or credentials of its own"));
    }

    @Test
    void settingsFileThatIsNotThere_isWrongUsage() {
        assertThat(execute(
                        "check",
                        "--config",
                        directory.resolve("none.properties").toString()))
                .isEqualTo(ExitCode.WRONG_USAGE);
    }

    /** One of each kind: what only loading, only the look at references, and only making the routes would find. */
    @Test
    void mistakesInRoutes_areAllPrinted() {
        Path folder = RouteFiles.copyWith(Map.of(
                "reply", yaml -> yaml.replace("ref: replyRecord", "ref: replyRecrod"),
                "conversation", yaml -> yaml + """
                        - to:
                            id: mistyped
                            uri: log:mine?levle=INFO
                        - to:
                            id: nowhere
                            uri: direct:rply
                """));

        assertThat(check("serai.routes-dir=" + folder)).isEqualTo(ExitCode.INVALID_SETTINGS);

        assertThat(lines("refused"))
                .anyMatch(line -> line.contains("replyRecrod") && line.contains("reply.camel.yaml"))
                .anyMatch(line -> line.contains("direct:rply") && line.contains("step nowhere"))
                .anyMatch(line -> line.contains("route conversation") && line.contains("levle"));
    }

    @Test
    void routesFolderWithoutRoutes_isRefused() {
        assertThat(check("serai.routes-dir=" + directory)).isEqualTo(ExitCode.INVALID_SETTINGS);

        assertThat(lines("refused")).singleElement().asString().contains("no file there ends in .camel.yaml");
    }

    @Test
    void sources_areTriedWithoutBeingAsked() throws Exception {
        SharedPostgres.run("CREATE TABLE IF NOT EXISTS checked_scenes (id int, name text, description text)");
        Path people = Files.writeString(directory.resolve("people.json"), "{}");
        try (RawServer web = new RawServer()) {
            List<String> settings = new ArrayList<>();
            source(settings, "web", "type=http", "base-url=" + web.uri() + "/scenes");
            source(settings, "away", "type=http", "base-url=https://127.0.0.1:1/scenes", "policy=required");
            source(settings, "people", "type=file", "path=" + people);
            sql(
                    settings,
                    "rows",
                    "select name, description from checked_scenes where :#tenant is not null and name = :#reference");
            sql(settings, "norows", "select name from no_such_table where name = :#reference");
            sql(settings, "numbers", "select name from checked_scenes where id = :#reference");

            assertThat(check(settings.toArray(String[]::new))).isEqualTo(ExitCode.FAILED);

            // A connection, on which nothing came.
            assertThat(web.requests()).allMatch(String::isEmpty);
            assertThat(lines("ok"))
                    .anyMatch(line -> line.contains("source web (HTTP at " + web.uri()))
                    .anyMatch(line -> line.contains("source rows (SQL at"))
                    .anyMatch(line -> line.contains("source people (file " + people));
            assertThat(lines("wrong"))
                    .satisfiesExactlyInAnyOrder(
                            away -> assertThat(away)
                                    .contains("away", "connection refused at 127.0.0.1:1", "wait for it"),
                            numbers -> assertThat(numbers).contains("Source numbers", "SQLState 42883"),
                            norows -> assertThat(norows)
                                    .contains("norows", "SQLState 42P01", "no_such_table", "go on without it"));
        }
    }

    @Test
    void sourcesThatCannotBeMade_areAllPrinted() throws Exception {
        Path broken = Files.writeString(directory.resolve("broken.json"), "{");
        List<String> settings = new ArrayList<>();
        source(settings, "one", "type=file", "path=" + broken);
        source(settings, "two", "type=sql", "jdbc-url=jdbc:nosuch:crm", "query=select :#reference");

        assertThat(check(settings.toArray(String[]::new))).isEqualTo(ExitCode.FAILED);

        assertThat(lines("wrong"))
                .anyMatch(line -> line.contains("serai.sources.one.path"))
                .anyMatch(line -> line.contains("serai.sources.two.jdbc-url"));
    }

    @Test
    void intakes_haveALineEach_andTheirMistakesAreTheirs() throws Exception {
        Path table = Files.writeString(directory.resolve("calls.csv"), "key,tenant\n+498000000001,nobody\n");
        Path good = Files.writeString(directory.resolve("good.csv"), "key,tenant\n+498000000001,default\n");
        String intake = "serai.intake.calls.";

        assertThat(check(intake + "topic=raw", intake + "mapping=twilio", intake + "table=" + good))
                .isEqualTo(ExitCode.OK);
        assertThat(lines("ok"))
                .anyMatch(line -> line.contains("intakes")
                        && line.contains("intake calls: its mapping ")
                        && line.contains(
                                "twilio.jsonata and its table " + good + " can be used; records of topic raw"));

        commands.forget();
        assertThat(check(intake + "topic=raw", intake + "mapping=twilio", intake + "table=" + table))
                .isEqualTo(ExitCode.FAILED);
        assertThat(lines("wrong"))
                .singleElement()
                .asString()
                .contains(
                        "intakes",
                        "intake calls: " + table,
                        "must have one of the tenants (default) as tenant, has \"nobody\"");
    }

    @Test
    void kafkaThatDoesNotAnswer_isRefused_andTheRestIsLookedAt() throws Exception {
        assertThat(check(onKafka("127.0.0.1:1"))).isEqualTo(ExitCode.REFUSED);

        assertThat(lines("refused"))
                .singleElement()
                .asString()
                .contains("Kafka at 127.0.0.1:1 did not answer within 5.0 s");
        assertThat(lines("ok")).anyMatch(line -> line.contains("routes"));
        assertThat(lines("not checked")).anyMatch(line -> line.contains("topics and rights"));
    }

    @Test
    void topicsThatAreNotThere_areNotCreated_andNobodyJoinsTheGroup() throws Exception {
        assertThat(check(onKafka(SharedBroker.bootstrapServers())))
                .as(commands.out())
                .isEqualTo(ExitCode.OK);

        assertThat(lines("ok"))
                .filteredOn(line -> line.contains("is created by the start"))
                .hasSize(4);
        assertThat(lines("ok")).anyMatch(line -> line.contains("READ group check" + suffix));
        assertThat(lines("ok"))
                .anyMatch(line -> line.contains("WRITE transactional ids that begin with check" + suffix));
        try (Admin admin = admin()) {
            assertThat(admin.listTopics().names().get()).noneMatch(name -> name.endsWith(suffix));
            assertThat(admin.listGroups().all().get())
                    .noneMatch(group -> group.groupId().endsWith(suffix));
            assertThat(admin.listTransactions().all().get())
                    .noneMatch(transaction -> transaction.transactionalId().contains(suffix));
        }
    }

    @Test
    void topicsThatAreNotThereAndMayNotBeCreated_areRefusedWithTheirCommands() throws Exception {
        List<String> settings = new ArrayList<>(List.of(onKafka(SharedBroker.bootstrapServers())));
        settings.add("serai.kafka.create-topics=false");

        assertThat(check(settings.toArray(String[]::new))).isEqualTo(ExitCode.REFUSED);

        assertThat(commands.out()).contains("kafka-topics.sh", "--create --topic check.start" + suffix);
    }

    @Test
    void topicsThatDoNotFit_areRefused_andTheirRightsAreLookedAt() throws Exception {
        Topics.create(SharedBroker.bootstrapServers(), 1, "check.start" + suffix);
        Topics.create(SharedBroker.bootstrapServers(), 3, "check.sessions" + suffix);

        assertThat(check(onKafka(SharedBroker.bootstrapServers()))).isEqualTo(ExitCode.REFUSED);

        assertThat(lines("refused")).anyMatch(line -> line.contains("must have as many partitions as"));
        assertThat(lines("ok")).anyMatch(line -> line.contains("READ topic check.start" + suffix));
    }

    @Test
    void json_hasTheExitCodeAndEachFinding() throws Exception {
        assertThat(execute("check", "--json", "--set", "serai.connect.max-attempts=0"))
                .isEqualTo(ExitCode.INVALID_SETTINGS);

        JsonNode json = Json.MAPPER.readTree(commands.out());
        assertThat(json.path("exit_code").asInt()).isEqualTo(3);
        assertThat(json.at("/findings/0/subject").asText()).isEqualTo("settings");
        assertThat(json.at("/findings/0/verdict").asText()).isEqualTo("refused");
        assertThat(json.at("/findings/0/text").asText()).contains("serai.connect.max-attempts");
        assertThat(json.at("/findings/1/verdict").asText()).isEqualTo("not_checked");
    }

    private String[] onKafka(String servers) throws Exception {
        Path key = Files.writeString(directory.resolve("key"), "a-key-of-this-test");
        return new String[] {
            "serai.kafka.bootstrap-servers=" + servers,
            // Nobody is to call there.
            "serai.connect.base-url=http://127.0.0.1:1",
            "serai.connect.api-key-file=" + key,
            "serai.kafka.group-id=check" + suffix,
            "serai.kafka.start-topic=check.start" + suffix,
            "serai.kafka.reply-topic=check.replies" + suffix,
            "serai.kafka.dead-letter-topic=check.dead-letters" + suffix,
            "serai.kafka.session-topic=check.sessions" + suffix
        };
    }

    private static void sql(List<String> settings, String name, String query) {
        source(
                settings,
                name,
                "type=sql",
                "jdbc-url=" + SharedPostgres.jdbcUrl(),
                "jdbc-user=postgres",
                "query=" + query);
    }

    /** Of a tenant of its own, as a source that nobody has is not opened. */
    private static void source(List<String> settings, String name, String... own) {
        for (String setting : own) {
            settings.add("serai.sources." + name + "." + setting);
        }
        settings.add("serai.tenants." + name + ".scene-source=" + name);
    }

    private int check(String... settings) {
        List<String> all = new ArrayList<>(List.of("check", "--set", "serai.http.port=0"));
        Arrays.stream(settings).forEach(setting -> all.addAll(List.of("--set", setting)));
        if (Arrays.stream(settings).noneMatch(setting -> setting.startsWith("serai.routes-dir="))) {
            all.addAll(List.of("--set", "serai.routes-dir=" + RouteFiles.shippedFolder()));
        }
        return execute(all.toArray(String[]::new));
    }

    private int execute(String... words) {
        return commands.run(List.of(), List.of(words));
    }

    private List<String> lines(String verdict) {
        return commands.out()
                .lines()
                .filter(line -> line.startsWith(verdict + " "))
                .toList();
    }

    private static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", SharedBroker.bootstrapServers()));
    }
}
