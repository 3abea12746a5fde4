package dev.serai.lane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serai.testing.BesideOthers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Synchronization;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;

@Timeout(120)
@BesideOthers
class LaneComponentTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final CamelContext context = new DefaultCamelContext();
    private final ProducerTemplate template = context.createProducerTemplate();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final Queue<String> seen = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void shortenShutdown() {
        context.getShutdownStrategy().setTimeout(30);
    }

    @AfterEach
    void stop() {
        gate.countDown();
        context.stop();
    }

    @Test
    void exchangesOfAKey_runInOrder() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<String, List<Integer>> ran = new ConcurrentHashMap<>();
        route("lane:conversations", exchange -> ran.computeIfAbsent(
                        exchange.getProperty(LaneEndpoint.KEY_PROPERTY, String.class), key -> new ArrayList<>())
                .add(exchange.getMessage().getBody(Integer.class)));
        forward("direct:in", "lane:conversations");
        context.start();

        Map<String, List<Integer>> sent = new ConcurrentHashMap<>();
        for (int number = 0; number < 5_000; number++) {
            String key = "key " + random.nextInt(20);
            sent.computeIfAbsent(key, any -> new ArrayList<>()).add(number);
            template.sendBodyAndProperty("direct:in", number, LaneEndpoint.KEY_PROPERTY, key);
        }

        awaitIdle("conversations");
        assertThat(ran).as("seed %d", seed).isEqualTo(sent);
    }

    @Test
    void keyProperty_namesTheKeysPlace() throws Exception {
        route("lane:conversations", this::waitAtGate);
        forward("direct:in", "lane:conversations?keyProperty=caller");
        context.start();

        template.sendBodyAndProperty("direct:in", "first", "caller", "ada".getBytes(UTF_8));
        template.sendBodyAndProperty("direct:in", "second", "caller", "ada".getBytes(UTF_8));
        template.sendBodyAndProperty("direct:in", "third", "caller", "bob".getBytes(UTF_8));

        await().atMost(LIMIT).until(() -> lanes().load("conversations").running() == 2);
        assertThat(lanes().load("conversations")).isEqualTo(new LaneLoad(1, 2, 2));
    }

    @Test
    void exchangesWithoutKey_runSideBySide() throws Exception {
        CountDownLatch all = new CountDownLatch(50);
        route("lane:conversations", exchange -> {
            all.countDown();
            all.await();
        });
        forward("direct:in", "lane:conversations");
        context.start();

        for (int number = 0; number < 50; number++) {
            template.sendBody("direct:in", number);
        }

        awaitIdle("conversations");
        assertThat(all.getCount()).isZero();
    }

    @Test
    void completion_runsOnceWhenTheLanesRouteIsDone() throws Exception {
        route("lane:conversations", exchange -> {
            waitAtGate(exchange);
            seen.add("routed");
        });
        forward("direct:in", "lane:conversations");
        context.start();

        Exchange sent = send("direct:in", "key", "event");
        assertThat(sent.getException()).isNull();
        assertThat(seen).isEmpty();

        gate.countDown();
        awaitIdle("conversations");
        context.stop();
        assertThat(seen).containsExactly("routed", "event completed");
    }

    @Test
    void completionOfAFailedRoute_hearsOfTheFailure() throws Exception {
        route("lane:conversations", exchange -> {
            throw new IllegalStateException("expected");
        });
        forward("direct:in", "lane:conversations");
        context.start();

        send("direct:in", "key", "event");

        awaitIdle("conversations");
        assertThat(seen).containsExactly("event failed: IllegalStateException");
    }

    @Test
    void completionAfterAnError_hearsOfTheFailureOnce() throws Exception {
        route("lane:conversations", exchange -> {
            throw new StackOverflowError("expected");
        });
        forward("direct:in", "lane:conversations");
        context.start();

        send("direct:in", "key", "first");
        send("direct:in", "key", "second");

        awaitIdle("conversations");
        assertThat(seen).hasSize(2);
        assertThat(seen).allMatch(line -> line.contains(" failed: "));
        assertThat(context.getInflightRepository().size("lane:conversations")).isZero();
        assertThat(context.getInflightRepository().size()).isZero();
    }

    @Test
    void completionOfAHandledFailure_hearsOfSuccess() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                onException(IllegalStateException.class).handled(true).process(exchange -> seen.add("handled"));
                from("lane:conversations").process(exchange -> {
                    throw new IllegalStateException("expected");
                });
            }
        });
        forward("direct:in", "lane:conversations");
        context.start();

        send("direct:in", "key", "event");

        awaitIdle("conversations");
        assertThat(seen).containsExactly("handled", "event completed");
    }

    @Test
    void laneWithoutConsumer_failsTheSender() throws Exception {
        forward("direct:in", "lane:conversations");
        context.start();

        Exchange sent = send("direct:in", "key", "event");

        assertThat(sent.getException())
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageStartingWith("lane:conversations has no consumer");
        assertThat(seen).containsExactly("event failed: RejectedExecutionException");
    }

    @Test
    void refusedExchange_leavesItsCompletionsWithTheSender() throws Exception {
        route("lane:conversations", exchange -> {});
        forward("direct:in", "lane:conversations");
        context.start();

        Exchange sent = send("direct:in", new int[] {1}, "event");

        assertThat(sent.getException()).isInstanceOf(IllegalArgumentException.class);
        assertThat(seen).containsExactly("event failed: IllegalArgumentException");
    }

    @Test
    void shutdown_waitsForWhatIsHeld() throws Exception {
        route("lane:conversations", this::waitAtGate);
        forward("direct:in", "lane:conversations");
        context.start();
        for (int number = 0; number < 5; number++) {
            send("direct:in", "key", "event " + number);
        }

        Thread stopping = Thread.startVirtualThread(context::stop);
        await().atMost(LIMIT).until(() -> context.getStatus().isStopping());
        assertThat(lanes().load("conversations").held()).isEqualTo(5);
        gate.countDown();
        stopping.join();

        assertThat(seen)
                .containsExactlyElementsOf(IntStream.range(0, 5)
                        .mapToObj(number -> "event " + number + " completed")
                        .toList());
    }

    @Test
    void forcedShutdown_interruptsWhatRunsAndHandsBackTheRest() throws Exception {
        Queue<String> began = new ConcurrentLinkedQueue<>();
        route("lane:conversations", exchange -> {
            began.add(exchange.getMessage().getBody(String.class));
            waitAtGate(exchange);
        });
        forward("direct:in", "lane:conversations");
        context.getShutdownStrategy().setTimeout(1);
        context.start();
        for (int number = 0; number < 4; number++) {
            send("direct:in", "key", "event " + number);
        }
        await().atMost(LIMIT).until(() -> !began.isEmpty());

        context.stop();

        assertThat(began).containsExactly("event 0");
        assertThat(seen)
                .containsExactlyInAnyOrder(
                        "event 0 failed: InterruptedException",
                        "event 1 failed: RejectedExecutionException",
                        "event 2 failed: RejectedExecutionException",
                        "event 3 failed: RejectedExecutionException");
        assertThat(lanes().load("conversations")).isEqualTo(LaneLoad.CLOSED);
    }

    /** Camel's own rule, which keeps a rejecting route from answering an event that a shutdown cut off. */
    @Test
    void interruptedExchange_isNotGivenToTheRoutesErrorHandling() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                onException(Exception.class).handled(true).process(exchange -> seen.add("handled"));
                from("lane:conversations").process(LaneComponentTest.this::waitAtGate);
            }
        });
        forward("direct:in", "lane:conversations");
        context.getShutdownStrategy().setTimeout(1);
        context.start();
        send("direct:in", "key", "event");
        await().atMost(LIMIT).until(() -> lanes().load("conversations").running() == 1);

        context.stop();

        assertThat(seen).containsExactly("event failed: InterruptedException");
    }

    @Test
    void restartedRoute_takesExchangesAgain() throws Exception {
        route("lane:conversations", exchange -> {});
        forward("direct:in", "lane:conversations");
        context.start();

        context.getRouteController().stopRoute("lane:conversations");
        send("direct:in", "key", "event 0");
        context.getRouteController().startRoute("lane:conversations");
        send("direct:in", "key", "event 1");

        awaitIdle("conversations");
        assertThat(seen).containsExactly("event 0 failed: RejectedExecutionException", "event 1 completed");
    }

    @Test
    void lanesOfTwoNames_areIndependent() throws Exception {
        route("lane:slow?capacity=1", this::waitAtGate);
        route("lane:fast", exchange -> seen.add("fast"));
        forward("direct:slow", "lane:slow");
        forward("direct:fast", "lane:fast");
        context.start();

        send("direct:slow", "key", "slow event");
        send("direct:fast", "key", "fast event");

        await().atMost(LIMIT).untilAsserted(() -> assertThat(seen).containsExactly("fast", "fast event completed"));
        awaitIdle("fast");
        await().atMost(LIMIT).until(() -> lanes().load("slow").running() == 1);
        assertThat(lanes().load("fast")).isEqualTo(new LaneLoad(0, 0, 0));
        assertThat(lanes().load("slow")).isEqualTo(new LaneLoad(0, 1, 1));
    }

    @Test
    void secondConsumerOfALane_isRefused() throws Exception {
        route("lane:conversations", exchange -> {});
        route("lane:conversations?capacity=5", exchange -> {});

        assertThatThrownBy(context::start)
                .hasStackTraceContaining("lane:conversations has a consumer already, in route lane:conversations;");
    }

    @Test
    void logContext_doesNotReachTheNextEvent() throws Exception {
        Queue<String> left = new ConcurrentLinkedQueue<>();
        route("lane:conversations", exchange -> {
            waitAtGate(exchange);
            left.add(String.valueOf(MDC.get("event")));
            MDC.put("event", "the one before");
        });
        forward("direct:in", "lane:conversations");
        context.start();

        send("direct:in", "key", "event 0");
        send("direct:in", "key", "event 1");
        gate.countDown();

        awaitIdle("conversations");
        assertThat(left).containsExactly("null", "null");
    }

    @Test
    void route_knowsItsExchangesAsItsOwn() throws Exception {
        route(
                "lane:conversations",
                exchange -> seen.add(exchange.getFromRouteId() + " on virtual thread: "
                        + Thread.currentThread().isVirtual()));
        forward("direct:in", "lane:conversations");
        context.start();

        template.sendBody("direct:in", "event");

        awaitIdle("conversations");
        assertThat(seen).containsExactly("lane:conversations on virtual thread: true");
    }

    @Test
    void wrongOptions_areNamed() {
        assertThatThrownBy(() -> context.getEndpoint("lane:conversations?capacity=0"))
                .hasStackTraceContaining("capacity of lane:conversations must be at least 1, was 0");
        assertThatThrownBy(() -> context.getEndpoint("lane:conversations?colour=red"))
                .hasStackTraceContaining("colour");
        assertThatThrownBy(() -> context.getEndpoint("lane:?capacity=5"))
                .hasStackTraceContaining("a lane needs a name");
    }

    @Test
    void yamlRoutes_canUseLanes() throws Exception {
        context.getRegistry().bind("note", (org.apache.camel.Processor) exchange -> {
            waitAtGate(exchange);
            seen.add(exchange.getMessage().getBody(String.class) + " in " + exchange.getFromRouteId());
        });
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("lane.camel.yaml", """
                - route:
                    id: conversation
                    from:
                      uri: lane:conversations
                      parameters:
                        capacity: 1
                      steps:
                        - process:
                            ref: note
                - route:
                    id: start
                    from:
                      uri: direct:in
                      steps:
                        - setProperty:
                            name: caller
                            simple: ${header.caller}
                        - to:
                            uri: lane:conversations
                            parameters:
                              keyProperty: caller
                """));
        context.start();

        template.sendBodyAndHeader("direct:in", "first", "caller", "ada");
        template.sendBodyAndHeader("direct:in", "second", "caller", "ada");
        template.sendBodyAndHeader("direct:in", "third", "caller", "bea");
        await().atMost(LIMIT).until(() -> lanes().load("conversations").running() == 1);
        assertThat(lanes().load("conversations")).isEqualTo(new LaneLoad(2, 1, 2));
        gate.countDown();

        awaitIdle("conversations");
        assertThat(seen).containsExactly("first in conversation", "second in conversation", "third in conversation");
    }

    /** A route named after what it reads. */
    private void route(String from, org.apache.camel.Processor processor) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(from).routeId(from).process(processor);
            }
        });
    }

    private void forward(String from, String to) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(from).routeId(from).to(to);
            }
        });
    }

    private Exchange send(String uri, @Nullable Object key, String body) {
        return template.send(uri, exchange -> {
            exchange.getMessage().setBody(body);
            exchange.setProperty(LaneEndpoint.KEY_PROPERTY, key);
            exchange.getExchangeExtension().addOnCompletion(new Noting(body, seen));
        });
    }

    private void waitAtGate(Exchange exchange) throws InterruptedException {
        gate.await();
    }

    private LaneComponent lanes() {
        return context.getComponent("lane", LaneComponent.class);
    }

    private void awaitIdle(String lane) {
        await().atMost(LIMIT).until(() -> lanes().load(lane).held() == 0);
    }

    private record Noting(String name, Queue<String> seen) implements Synchronization {
        @Override
        public void onComplete(Exchange exchange) {
            seen.add(name + " completed");
        }

        @Override
        public void onFailure(Exchange exchange) {
            seen.add(name + " failed: " + exchange.getException().getClass().getSimpleName());
        }
    }
}
