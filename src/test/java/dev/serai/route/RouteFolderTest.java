package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.serai.service.Backends;
import dev.serai.service.InvalidRoutesException;
import dev.serai.service.SeraiService;
import dev.serai.settings.Settings;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.LogLines;
import dev.serai.testing.RouteFiles;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.UnreachedBackends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.camel.component.kafka.consumer.errorhandler.KafkaConsumerListener;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.TopicExistsException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A folder of routes that would lose events, run them twice or run none is refused before anything is consumed. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
@LeftToCi
class RouteFolderTest {
    /** Without it the transactions' start would wait for the topic; another class may have made it. */
    @BeforeAll
    static void createStartTopic() {
        try {
            SharedBroker.createTopic("conversation.start");
        } catch (AssertionError e) {
            assertThat(e).hasRootCauseInstanceOf(TopicExistsException.class);
        }
    }

    private static final String START = "start-conversation";
    private static final String PLAIN = """
            - route:
                id: tap
                from:
                  uri: kafka:%s
                  parameters:
                    %s
                  steps:
                    - to:
                        uri: log:tap
            """;

    private static final String PAUSABLE = """
                  steps:
                    - pausable:
                        consumerListener: "#class:%s"
                        untilCheck: "#class:%s"
            """.formatted(KafkaConsumerListener.class.getName(), Always.class.getName());

    static Stream<Arguments> wrongStartEndpoints() {
        return Stream.of(
                arguments(replaced("{{serai.kafka.start-topic}}", "other.topic"), "topic other.topic"),
                arguments(replaced("{{serai.kafka.start-topic}}", "{{serai.kafka.start-topic}},more"), "topic"),
                arguments(replaced("\"{{serai.kafka.group-id}}\"", "another"), "groupId is another"),
                arguments(replaced("groupId: \"{{serai.kafka.group-id}}\"", ""), "groupId is not set"),
                arguments(replaced("consumersCount: 1", "consumersCount: 2"), "consumersCount is 2"),
                arguments(
                        replaced("kafkaManualCommitFactory: \"#startEvents\"", ""),
                        "kafkaManualCommitFactory is not set"),
                arguments(replaced("kafkaClientFactory: \"#startEvents\"", ""), "kafkaClientFactory"),
                arguments(replaced("autoCommitEnable: false", "autoCommitEnable: true"), "autoCommitEnable is true"),
                arguments(
                        replaced("allowManualCommit: true", "allowManualCommit: false"), "allowManualCommit is false"),
                arguments(replaced("isolationLevel: read_committed", ""), "isolationLevel is not set"),
                arguments(
                        replaced("isolationLevel: read_committed", "isolationLevel: read_uncommitted"),
                        "isolationLevel is read_uncommitted"),
                arguments(with("additionalProperties.isolation.level: read_uncommitted"), "isolation.level"),
                arguments(with("additionalProperties.enable.auto.commit: true"), "enable.auto.commit"),
                arguments(replaced("pollOnError: RECONNECT", "pollOnError: DISCARD"), "pollOnError is DISCARD"),
                arguments(with("breakOnFirstError: true"), "breakOnFirstError is true"),
                arguments(with("batching: true"), "batching is true"),
                arguments(with("topicIsPattern: true"), "topicIsPattern is true"),
                arguments(with("seekTo: BEGINNING"), "seekTo is BEGINNING"),
                arguments(with("brokers: 127.0.0.1:1"), "brokers is 127.0.0.1:1"),
                arguments(
                        replaced(
                                "keyDeserializer: org.apache.kafka.common.serialization.ByteArrayDeserializer",
                                "keyDeserializer: org.apache.kafka.common.serialization.StringDeserializer"),
                        "keyDeserializer is org.apache.kafka.common.serialization.StringDeserializer"),
                arguments(replaced("      steps:\n", PAUSABLE), "pausable"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("wrongStartEndpoints")
    void startEndpointThatWouldLoseOrRepeatEvents_isRefused(UnaryOperator<String> edit, String wrong) {
        assertRefused(
                RouteFiles.copyWith(Map.of(START, edit)),
                "route start-conversation",
                "start-conversation.camel.yaml",
                wrong);
    }

    @Test
    void anotherTopicOfTheUsersOwn_isRefusedWithWhatToDo() {
        UnaryOperator<String> edit = replaced("{{serai.kafka.start-topic}}", "other.topic");

        assertRefused(
                RouteFiles.copyWith(Map.of(START, edit)),
                "conversation.start (serai.kafka.start-topic)",
                "plain kafka: endpoint",
                "sends them on to kafka:conversation.start");
    }

    @Test
    void allMistakes_areNamedAtOnce() {
        UnaryOperator<String> edit = yaml -> yaml.replace("consumersCount: 1", "consumersCount: 3")
                .replace("pollOnError: RECONNECT", "pollOnError: STOP")
                .replace("allowManualCommit: true", "batching: true");

        assertRefused(
                RouteFiles.copyWith(Map.of(START, edit)),
                "consumersCount is 3",
                "pollOnError is STOP",
                "batching is true",
                "allowManualCommit is false");
    }

    @Test
    void secondRouteFromStartEvents_isRefused() throws Exception {
        Path folder = RouteFiles.copyWith(Map.of());
        String second = RouteFiles.text(folder.resolve(START + ".camel.yaml"))
                .replace("id: start-conversation", "id: start-too")
                .replace("id: start-topic", "id: start-topic-too")
                .replace("id: accept-record", "id: accept-record-too")
                .replace("id: queue-behind-its-conversation", "id: queue-too")
                .replace("startupOrder: 20", "startupOrder: 21");
        Files.writeString(folder.resolve("start-too.camel.yaml"), second);

        assertRefused(folder, "route start-conversation", "route start-too", "#startEvents");
    }

    @Test
    void folderWithoutARouteFromTheStartTopic_isRefused() throws Exception {
        Path folder = RouteFiles.copyWith(Map.of());
        Files.delete(folder.resolve(START + ".camel.yaml"));

        assertRefused(
                folder, folder.toString(), "no route", "kafka:conversation.start", "kafkaClientFactory=#startEvents");
    }

    static Stream<Arguments> wrongFurtherRoutes() {
        return Stream.of(
                // It would take partitions of the start topic's consumer, or break the group's protocol.
                arguments(
                        PLAIN.formatted("other.topic", "groupId: \"{{serai.kafka.group-id}}\""),
                        "groupId is serai, the service's own"),
                arguments(
                        PLAIN.formatted("other.topic", "kafkaManualCommitFactory: \"#startEvents\""),
                        "kafkaManualCommitFactory"),
                arguments(PLAIN.formatted("other.topic", "kafkaClientFactory: \"#outbox\""), "#outbox"),
                arguments(PLAIN.formatted("other.topic", "groupId: tap").replace("log:tap", """
                        kafka:conversation.start?kafkaClientFactory=#startEvents"""), "#startEvents"),
                arguments(PLAIN.formatted("other.topic", "groupId: tap").replace("log:tap", """
                        kafka:conversation.replies?kafkaClientFactory=#outbox&brokers=127.0.0.1:1"""), "127.0.0.1:1"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("wrongFurtherRoutes")
    void furtherRouteThatMisusesTheServicesClients_isRefused(String route, String wrong) throws Exception {
        Path folder = folderWith("tap", route);

        assertRefused(folder, "route tap", "tap.camel.yaml", wrong);
    }

    @Test
    void plainRoutesOfTheUser_andAnotherAssignor_areLeftAlone() throws Exception {
        Path folder = RouteFiles.copyWith(Map.of(
                START,
                replaced(
                        "org.apache.kafka.clients.consumer.CooperativeStickyAssignor",
                        "org.apache.kafka.clients.consumer.RangeAssignor")));
        Files.writeString(folder.resolve("tap.camel.yaml"), PLAIN.formatted("other.topic", "groupId: tap"));

        try (LogLines log = LogLines.ofAll();
                RunningSerai serai = new RunningSerai(Map.of("serai.routes-dir", folder.toString()))) {
            assertThat(serai.service().partitions()).isPositive();
            assertThat(log.with("partitionAssignor")).singleElement().asString().startsWith("WARN");
        }
    }

    private static final String MINE = """
            - route:
                id: mine
                from:
                  uri: timer:never?delay=3600000
                  steps:
            """;

    static Stream<Arguments> wrongReferences() {
        return Stream.of(
                arguments("        - to: direct:replay", "it sends to direct:replay", "was direct:reply meant?"),
                arguments("        - to: {uri: direct, parameters: {name: replay}}", "direct:replay", "direct:reply"),
                arguments(
                        "        - wireTap: {uri: direct:nowhere-at-all}",
                        "direct:nowhere-at-all",
                        "no route begins there"),
                arguments("        - to: seda:nowhere-at-all", "seda:nowhere-at-all", "no route begins there"),
                arguments("        - process: {id: step, ref: decodeEvnt}", "step step", "was decodeEvent meant?"),
                arguments("        - bean: {id: step, ref: '#bean:replyRecrd'}", "step step", "was replyRecord meant?"),
                arguments("""
                                - filter:
                                    id: when
                                    expression: {method: {ref: replyRecrd, method: isAddressable}}
                                    steps: [{log: hello}]
                        """, "step when", "was replyRecord meant?"),
                arguments(
                        "        - to: {id: step, uri: 'kafka:x', parameters: {kafkaClientFactory: '#outbux'}}",
                        "step step",
                        "there is no bean outbux of the type KafkaClientFactory: was outbox meant?"),
                arguments(
                        "        - to: {id: step, uri: 'http://x', parameters: {clientBuilder: '#bilder'}}",
                        "step step",
                        "there is no bean bilder of the type HttpClientBuilder"),
                arguments(
                        "        - to: {id: step, uri: 'log:x', parameters: {levl: INFO}}",
                        "step step",
                        "Unknown parameters=[{levl=INFO}]: was level meant?"),
                arguments(
                        "        - to: log:{{serai.kafka.start-topik}}",
                        "step",
                        "there is no setting serai.kafka.start-topik: was serai.kafka.start-topic meant?"),
                arguments("        - log: '{{serai.kafka.reply-topik}}'", "step", "was serai.kafka.reply-topic meant?"),
                arguments(
                        "        - to: {id: step, uri: 'dirct:reply'}",
                        "step step",
                        "it sends to dirct:reply, and there is no component dirct: was direct meant?"),
                arguments(
                        "        - toD: {id: step, uri: 'dirct:${header.x}'}",
                        "step step",
                        "there is no component dirct: was direct meant?"),
                arguments("        - wireTap: {id: step, uri: 'lg:x'}", "step step", "was log meant?"),
                arguments("        - to: 'log:x?nonsense=b'", "step to: ", "nonsense=b"),
                arguments("        - to: nonsense:x", "step to", "and there is no component nonsense"),
                arguments(
                        "        - setBody: {simple: '${nonsense.x}'}", "step setBody", "Unknown function: nonsense.x"),
                arguments(
                        "        - process: {id: step, ref: '#class:dev.serai.service.Nonsense'}",
                        "step step: there is no class dev.serai.service.Nonsense on the class path",
                        "lib-extra/"),
                arguments(
                        "        - to: {id: step, uri: 'kafka:x', parameters: {kafkaClientFactory: '#class:a.Nonsense'}}",
                        "step step: ",
                        "there is no class a.Nonsense on the class path; jars of your own go into lib-extra/ (option"
                                + " kafkaClientFactory)"),
                arguments(
                        "        - setBody: {id: step, simple: 'x ${exchangeProprty.original}'}",
                        "step step: ",
                        "simple has no function exchangeProprty: was exchangeProperty meant?"),
                arguments("        - log: {id: step, message: 'x ${in.bodyy}'}", "step step: ", "no function bodyy"),
                arguments(
                        "        - toD: {id: step, uri: 'log:${headerr.x}'}",
                        "step step: ",
                        "no function headerr: was header meant?"),
                arguments(
                        "        - setBody: {id: step, simple: '${exchange.exchangId}'}",
                        "step step: ",
                        "exchange has no exchangId: was exchangeId meant?"),
                arguments("""
                                - doTry:
                                    id: around
                                    steps: [{log: hello}]
                                    doCatch:
                                      - exception: [java.lang.Exception]
                                        steps: [{log: {id: step, message: 'x ${bean:faildStep}'}}]
                        """, "step step: ", "there is no bean faildStep: was failedStep meant?"),
                arguments("""
                                - doTry:
                                    id: around
                                    steps: [{process: {id: step, ref: '#class:a.Nonsense(1)'}}]
                                    doCatch: [{exception: [java.lang.Exception]}]
                        """, "step step: ", "there is no class a.Nonsense"),
                arguments("""
                                - doTry:
                                    steps:
                                      - choice:
                                          when:
                                            - id: step
                                              expression:
                                                language:
                                                  language: jsonata
                                                  expression: |
                                                    a = 1 and
                                                      b = (2
                                              steps: [{log: hello}]
                                    doCatch:
                                      - exception: [java.lang.Exception]
                        """, "step step", "in line 2 of the JSONata expression, at character 8, behind `b = (2`"),
                arguments("""
                                - setHeaders:
                                    id: step
                                    headers: [{name: x, expression: {language: {language: jsonata, expression: '$['}}}]
                        """, "step step", "the JSONata expression"),
                arguments("""
                                - choice:
                                    when:
                                      - id: step
                                        expression: {method: {ref: replyRecrd, method: isAddressable}}
                                        steps: [{log: hello}]
                        """, "step step", "was replyRecord meant?"),
                arguments("""
                                - doTry:
                                    steps: [{log: hello}]
                                    doCatch:
                                      - id: step
                                        exception: [java.lang.Exception]
                                        onWhen: {method: {ref: replyRecrd, method: isAddressable}}
                        """, "step step", "was replyRecord meant?"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongReferences")
    void routeThatNamesWhatIsNotThere_isRefused(String step, String where, String what) throws Exception {
        Path folder = folderWith("mine", MINE + step + "\n");

        assertRefused(folder, "route mine (mine.camel.yaml)", where, what);
    }

    @Test
    void settingsThatThereAreNoneOf_areAllNamed() throws Exception {
        Path folder = RouteFiles.copyWithExample("bridge-from-topic");

        assertRefused(
                folder,
                "route bridge-from-topic (bridge-from-topic.camel.yaml): there is no setting bridge.topic",
                "step send-to-rejected-topic: there is no setting bridge.rejected-topic");
    }

    @Test
    void wrongOptionOfAKafkaEndpoint_isOneLine() throws Exception {
        Path folder =
                folderWith("mine", MINE + "        - to: {id: step, uri: 'kafka:x', parameters: {synchronus: true}}\n");

        assertThatExceptionOfType(InvalidRoutesException.class)
                .isThrownBy(() -> start(folder))
                .satisfies(e -> assertThat(
                                String.valueOf(e.getMessage()).lines().filter(line -> line.contains("step step")))
                        .singleElement()
                        .asString()
                        .endsWith("step step: Unknown parameters=[{synchronus=true}]: was synchronous meant?"));
    }

    /** Nobody could create them while it runs, and it ends with a start that fails. */
    @Test
    void topicsOfOwnRoutes_areCreatedOnTheProcesssOwnBroker() throws Exception {
        String suffix = UUID.randomUUID().toString();
        Path folder = RouteFiles.copyWithExample("bridge-from-topic");
        Files.writeString(
                folder.resolve("mine.camel.yaml"),
                MINE + "        - to: 'kafka:out." + suffix + "?kafkaClientFactory=#outbox'\n");

        start(folder, Map.of("bridge.topic", "calls." + suffix, "bridge.rejected-topic", "rejected." + suffix), true);

        try (Admin admin = Admin.create(Map.of("bootstrap.servers", SharedBroker.bootstrapServers()))) {
            assertThat(admin.listTopics().names().get(20, TimeUnit.SECONDS))
                    .contains("calls." + suffix, "rejected." + suffix, "out." + suffix);
        }
    }

    @Test
    void routeIdThatTwoFilesHave_isNamedWithBoth() throws Exception {
        Path folder = folderWith("mine", MINE + "        - log: hello\n");
        Files.writeString(folder.resolve("yours.camel.yaml"), MINE + "        - log: hello\n");

        assertRefused(folder, "mine", "mine.camel.yaml", "yours.camel.yaml");
    }

    /** What works is not to be refused. */
    @Test
    void functionsThatThereAre_areLeftAlone() throws Exception {
        Path folder = folderWith("mine", MINE + """
                        - log: >-
                            ${body} ${body[0]} ${bodyAs(String)} ${in.header.x} ${headers.x} ${header[x]?.y} ${exchangeId}
                            ${exchange.exchangeId} ${exchange.getIn().getBody()} ${exchange.in.body} ${camelContext.name}
                            ${exchangeProperty[serai.conversation].event} ${exchangeProperty.x} ${date:now:HHmm} ${random(9)}
                            ${bean:failedStep} ${bean:failedStep.text} ${bean:failedStep?method=text} ${sysenv.HOME}
                            ${env.HOME} ${sys.x} ${exception.message} ${exception?.cause} ${routeId} ${ref:failedStep}
                            ${date-with-timezone:now:UTC:HH} ${type:java.lang.Integer.MAX_VALUE} ${variable.x} ${null}
                            ${bean:type:java.lang.String?method=valueOf(1)} ${uuid} ${header.${header.y}} $simple{body}
                """);

        assertThatCode(() -> start(folder)).doesNotThrowAnyException();
    }

    @Test
    void expressionsThatCannotBeRead_areAllNamed() throws Exception {
        Path folder = folderWith("mine", MINE + """
                        - setBody: {id: one, expression: {language: {language: jsonata, expression: '{"a": '}}}
                        - filter:
                            id: two
                            expression: {language: {language: jsonata, expression: 'a b'}}
                            steps:
                              - setBody: {id: three, simple: '${nonsense.x}'}
                """);

        assertRefused(
                folder,
                "route mine (mine.camel.yaml), step one: ",
                "route mine (mine.camel.yaml), step two: ",
                "route mine (mine.camel.yaml), step three: ");
    }

    @Test
    void routeThatBeginsAtAComponentThatIsNotThere_isRefused() throws Exception {
        Path folder = RouteFiles.copyWith(Map.of("reply", replaced("uri: direct\n", "uri: dirct\n")));

        assertRefused(
                folder,
                "route reply (reply.camel.yaml): it begins at dirct?name=reply, and there is no component dirct: was"
                        + " direct meant?");
    }

    @Test
    void failurePolicyThatNamesWhatIsNotThere_isRefused_once() throws Exception {
        UnaryOperator<String> edit = yaml ->
                yaml.replace("name: reject", "name: rejct").replace("ref: leftToNextOwner", "ref: leftToNextOwnr");

        assertThatExceptionOfType(InvalidRoutesException.class)
                .isThrownBy(() -> start(RouteFiles.copyWith(Map.of("failure-policy", edit))))
                .withMessageContainingAll(
                        "route configuration failure-policy, step reject-event",
                        "was direct:reject meant?",
                        "step on-stop",
                        "was leftToNextOwner meant?")
                .satisfies(refused ->
                        assertThat(String.valueOf(refused.getMessage()).lines()).hasSize(3));
    }

    static Stream<Arguments> brokenFiles() {
        return Stream.of(
                arguments(MINE + "      - to: log:x\n     x: [\n", "line"),
                arguments(MINE + "        - too: log:x\n", "Unknown node id: too"),
                arguments(MINE + "        - to: {uri: log:x, paramaters: {a: b}}\n", "Unsupported field: paramaters"),
                arguments(MINE + "        - wireTap: direct:reply\n", "UnsupportedOperationException"),
                arguments("", "empty"),
                arguments("- templatedRoute: {routeTemplateRef: t}\n", "Cannot find RouteTemplate with id t"),
                arguments("""
                        - routeTemplate:
                            id: t
                            parameters: [{name: topic}]
                            from: {uri: "timer:{{topic}}", steps: [{log: hello}]}
                        - templatedRoute:
                            routeTemplateRef: t
                        """, "must be provided: topic"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("brokenFiles")
    void brokenFile_isNamed(String text, String wrong) throws Exception {
        Path folder = folderWith("mine", text);

        assertRefused(folder, "mine.camel.yaml", wrong);
    }

    /** A folder of somebody's own, from before the first source or intake. */
    @ParameterizedTest
    @CsvSource({
        "source-file,source-file,serai.sources.a.type=file;serai.sources.a.path=config/demo/scenes.csv;"
                + "serai.sources.a.key-column=scene;serai.enrich.scene-source=a",
        "mapped-intake-turn,intake/mapped-intake-turn,serai.intake.a.topic=a;serai.intake.a.mapping=twilio"
    })
    void templateThatASettingNeeds_whereItIsNot_isNamedWithItsFile(String id, String file, String settings)
            throws Exception {
        Path folder = RouteFiles.copyWith(Map.of());
        Files.delete(folder.resolve(file + ".camel.yaml"));
        Map<String, String> all = new HashMap<>();
        Stream.of(settings.split(";", -1)).map(line -> line.split("=", 2)).forEach(line -> all.put(line[0], line[1]));

        assertThatExceptionOfType(InvalidRoutesException.class)
                .isThrownBy(() -> start(folder, all, false))
                .withMessageContaining(
                        "Cannot find RouteTemplate with id " + id + ": a source or an intake of the settings"
                                + " needs it. Copy " + id + ".camel.yaml from Serai's own routes to " + folder
                                + ", and what is of intakes to the folder intake in it");
    }

    @Test
    void secondRouteOfTheSameId_isRefused() throws Exception {
        Path folder = folderWith("mine", MINE.replace("mine", "reply") + "        - to: log:x\n");

        assertRefused(folder, "Duplicate route ids detected: reply");
    }

    @Test
    void folderThatIsEmpty_isRefused() throws Exception {
        Path empty = Files.createTempDirectory(Path.of("target"), "routes");

        assertRefused(empty, empty.toString(), "no route takes start events");
    }

    @Test
    void filesThatAreNotLoaded_areNamed() throws Exception {
        Path folder = RouteFiles.copyWith(Map.of());
        String tap = PLAIN.formatted("other.topic", "groupId: tap");
        for (String name : List.of("tap.yaml", "more/tap.camel.yaml", "examples/tap.camel.yaml", "README.md", ".x")) {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.writeString(folder.resolve(name), tap);
        }

        assertThat(new RouteFolder(folder).notLoaded())
                .satisfiesExactly(
                        misnamed -> assertThat(misnamed).contains("tap.yaml", "ends in .camel.yaml"),
                        deeper -> assertThat(deeper).contains("more", "tap.camel.yaml", "lies in"));
    }

    private static UnaryOperator<String> replaced(String old, String replacement) {
        return yaml -> yaml.replace(old, replacement);
    }

    private static UnaryOperator<String> with(String parameter) {
        return yaml -> yaml.replace("      parameters:\n", "      parameters:\n        " + parameter + "\n");
    }

    /** When a pausable consumer goes on. */
    public static final class Always implements Predicate<Object> {
        @Override
        public boolean test(Object ignored) {
            return true;
        }
    }

    /** With a route of the user's besides those of Serai. */
    private static Path folderWith(String name, String route) throws IOException {
        Path folder = RouteFiles.copyWith(Map.of());
        Files.writeString(folder.resolve(name + ".camel.yaml"), route);
        return folder;
    }

    private static void assertRefused(Path folder, String... told) {
        assertThatExceptionOfType(InvalidRoutesException.class)
                .isThrownBy(() -> start(folder))
                .withMessageContainingAll(told);
    }

    /** Closed again if it starts, against what is expected of it. */
    private static void start(Path folder) throws Exception {
        start(folder, Map.of(), false);
    }

    private static void start(Path folder, Map<String, String> more, boolean ownBroker) throws Exception {
        String broker = SharedBroker.bootstrapServers();
        Map<String, String> all = new HashMap<>(more);
        all.putAll(Map.of(
                "serai.http.port",
                "0",
                "serai.kafka.bootstrap-servers",
                broker,
                "serai.routes-dir",
                folder.toString()));
        Settings settings = Settings.load(Map.of(), null, all);
        Backends backends = UnreachedBackends.at(broker, ownBroker);
        SeraiService.start(settings, backends).close();
    }
}
