package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.FailingStep;
import dev.serai.testing.Incoming;
import dev.serai.testing.LogLines;
import dev.serai.testing.RouteFiles;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.SharedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a step has failed stands in the log and in what is said of the event: its file, its route, and the step. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class StepFailureTest {
    private static final String IN_THE_LINE =
            "route conversation (conversation.camel.yaml), step added-by-the-test-before-resume-session";

    /** A header is missing; the first has no error handler of its own, the others have, and one splits. */
    private static final String MINE = """
            - route:
                id: mine
                from:
                  uri: direct:mine
                  steps:
                    - process:
                        id: needs-a-header
                        ref: "#class:dev.serai.route.StepFailureTest$NeedsHeader"
            - route:
                id: mine-again
                errorHandler:
                  defaultErrorHandler:
                    redeliveryPolicy:
                      maximumRedeliveries: 1
                      redeliveryDelay: 1
                from:
                  uri: direct:mine-again
                  steps:
                    - to:
                        id: call-mine
                        uri: direct:mine-inner
            - route:
                id: mine-inner
                errorHandler:
                  noErrorHandler: {}
                from:
                  uri: direct:mine-inner
                  steps:
                    - split:
                        id: each
                        stopOnException: true
                        expression:
                          simple:
                            expression: ${body}
                        steps:
                          - process:
                              id: needs-a-header-too
                              ref: "#class:dev.serai.route.StepFailureTest$NeedsHeader"
            - route:
                id: mine-mapping
                from:
                  uri: direct:mine-mapping
                  steps:
                    - setBody:
                        id: map-mine
                        expression:
                          language:
                            language: jsonata
                            expression: |
                              {
                                "id": $nmber(word)
                              }
            - route:
                id: mine-bridge
                from:
                  uri: kafka:{{mine.topic}}
                  parameters:
                    groupId: "{{mine.topic}}"
                    autoOffsetReset: earliest
                    autoCommitEnable: false
                    allowManualCommit: true
                    breakOnFirstError: true
                    kafkaManualCommitFactory: "#class:org.apache.camel.component.kafka.consumer.DefaultKafkaManualCommitFactory"
                  steps:
                    - doTry:
                        id: map-mine-or-not
                        steps:
                          - process:
                              id: needs-a-header-first
                              ref: "#class:dev.serai.route.StepFailureTest$NeedsHeader"
                        doCatch:
                          - id: when-not
                            exception: [java.lang.Exception]
                            steps:
                              - setBody:
                                  id: take-what-is-not-there
                                  expression:
                                    simple:
                                      expression: ${body.nothingHere}
            - route:
                id: enrich-mine
                errorHandler:
                  noErrorHandler: {}
                from:
                  uri: direct:enrich-mine
                  steps:
                    - process:
                        id: look-up-mine
                        ref: "#class:dev.serai.route.StepFailureTest$NeedsHeader"
            """;

    private static final String TOPIC = "test.mine." + UUID.randomUUID();

    @AutoClose
    private static RunningSerai serai;

    /** As a user would write it. */
    public static final class NeedsHeader implements Processor {
        @Override
        public void process(Exchange exchange) {
            throw new IllegalArgumentException(
                    "no header tenant here; " + exchange.getMessage().getHeader("of-this-test"));
        }
    }

    @BeforeAll
    static void start() throws Exception {
        SharedBroker.createTopic(TOPIC);
        Path folder = RouteFiles.copyWithFailingStep("resume-session");
        Files.writeString(folder.resolve("mine.camel.yaml"), MINE);
        serai = new RunningSerai(Map.of(
                "mine.topic", TOPIC,
                "serai.routes-dir", folder.toString(),
                "serai.sources.mine.type", "route",
                "serai.sources.mine.route", "enrich-mine",
                "serai.enrich.dynamic-info-source", "mine"));
    }

    @Test
    void stepOfTheLine_isNamedInTheReply_andInTheLog() {
        FailingStep.failFor("at-a-step", () -> new IllegalStateException("a defect of this test"));
        try (LogLines log = LogLines.ofAll()) {
            serai.publish("key", Incoming.json("{'event_id':'at-a-step','character_id':'c'}"));

            assertThat(serai.replyTo("at-a-step").at("/error/detail").asText())
                    .isEqualTo("internal error (IllegalStateException) in " + IN_THE_LINE
                            + ": the log lines of this event say more");
            assertThat(log.with("in " + IN_THE_LINE))
                    .anySatisfy(line -> assertThat(line).startsWith("ERROR Rejected by a defect"));
        }
    }

    @Test
    void defectThatIsMetAgain_isOneLine() {
        try (LogLines log = LogLines.ofAll()) {
            for (int n = 0; n < 3; n++) {
                String id = "again-" + n;
                FailingStep.failFor(id, () -> new ArithmeticException("something by zero"));
                serai.publish("key", Incoming.json("{'event_id':'" + id + "','character_id':'c'}"));
                serai.replyTo(id);
            }

            assertThat(log.with("as one before it whose stack trace is above"))
                    .hasSize(2)
                    .allMatch(line -> line.startsWith("ERROR Rejected by a defect in " + IN_THE_LINE)
                            && line.contains("ArithmeticException: something by zero"));
        }
    }

    /** It is a route's own mistake, in what is to keep a record aside, where no check can see it. */
    @Test
    void recordThatIsReadAgain_isNamedWithItsStep_afterAPause() {
        try (LogLines log = LogLines.ofAll()) {
            serai.publish(new ProducerRecord<>(TOPIC, null, Incoming.utf8("a body of this test")));

            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> log.with("The record at " + TOPIC).size() >= 2);
            assertThat(log.with("The record at " + TOPIC).subList(0, 2))
                    .satisfiesExactly(
                            first -> assertThat(first)
                                    .startsWith("WARN ")
                                    .contains(
                                            ", offset 0, failed in route mine-bridge (mine.camel.yaml), step"
                                                    + " take-what-is-not-there: ",
                                            "nothingHere",
                                            "it is read again in 1 s")
                                    .doesNotContain("a body of this test"),
                            second -> assertThat(second).contains("it is read again in 2 s"));
        }
    }

    @Test
    void stepOfASource_isNamedInTheLog() {
        try (LogLines log = LogLines.ofAll()) {
            serai.publish("key", Incoming.json("{'event_id':'at-a-source','character_id':'c','context_ref':'r'}"));

            assertThat(serai.replyTo("at-a-source")
                            .at("/enrichment/dynamic_info/status")
                            .asText())
                    .isEqualTo("failed");
            assertThat(log.with("at source mine failed"))
                    .first()
                    .asString()
                    .contains("IllegalArgumentException in route enrich-mine (mine.camel.yaml), step look-up-mine");
        }
    }

    @Test
    void mistakeInAnExpression_isNamedWithItsPlace_andTheBodyIsNot() throws IOException {
        try (LogLines log = LogLines.of(Thread.currentThread());
                ProducerTemplate template = serai.service().camelContext().createProducerTemplate()) {
            Exchange done = template.send("direct:mine-mapping", exchange -> exchange.getMessage()
                    .setBody("{\"word\": \"a-secret-of-this-test\"}"));

            assertThat(done.getException()).isNotNull();
            assertThat(log.with("")).as("all lines").singleElement().satisfies(line -> assertThat(line)
                    .startsWith("ERROR ")
                    .contains(
                            "route mine-mapping (mine.camel.yaml), step map-mine",
                            "in line 2 of the JSONata expression, at character 15")
                    .doesNotContain("a-secret-of-this-test"));
        }
    }

    @ParameterizedTest
    @CsvSource({"mine, needs-a-header", "mine-again, needs-a-header-too"})
    void failureThatNobodyHandles_isOneLine(String route, String step) throws IOException {
        String mark = "mark-of-" + route;
        try (LogLines log = LogLines.of(Thread.currentThread());
                ProducerTemplate template = serai.service().camelContext().createProducerTemplate()) {
            Exchange done = template.send("direct:" + route, exchange -> {
                exchange.getMessage().setHeader("of-this-test", mark);
                exchange.getMessage().setHeader("authorization", "a-secret-of-this-test");
                exchange.getMessage().setBody(List.of("a body of this test"));
            });

            assertThat(done.getException()).isNotNull();
            assertThat(log.with("")).as("all lines").singleElement().satisfies(line -> assertThat(line)
                    .startsWith("ERROR ")
                    .contains(
                            "(mine.camel.yaml), step " + step,
                            "IllegalArgumentException: no header tenant here; " + mark)
                    .doesNotContain("a-secret-of-this-test", "a body of this test"));
        }
    }
}
