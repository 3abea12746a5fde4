package dev.serai.conversation;

import dev.serai.connect.ConnectBody;
import dev.serai.connect.ConnectCall;
import dev.serai.connect.OneRoom;
import dev.serai.connect.Tenant;
import dev.serai.connect.Tenants;
import dev.serai.connect.TransportFailure;
import dev.serai.connect.answer.CallOutcome;
import dev.serai.connect.gate.Gate;
import dev.serai.connect.gate.Permit;
import dev.serai.engine.Delivery;
import dev.serai.engine.DeliveryRevokedException;
import dev.serai.observe.AbandonedCalls;
import dev.serai.observe.ConversationMetrics;
import dev.serai.observe.KafkaWatch;
import dev.serai.observe.waiting.HeldEvent;
import dev.serai.observe.waiting.Wait;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import dev.serai.wire.TraceContext;
import dev.serai.wire.cloudevents.CloudEvent;
import dev.serai.wire.event.ReplyTopics;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;

/** The steps of the connect route. Stateless but for its collaborators, thread-safe. */
public final class ConnectSteps {
    private final Tenants tenants;
    private final ReplyTopics replyTopics;
    private final @Nullable String oneRoomIn;
    private final KafkaWatch kafka;
    private final ConversationMetrics metrics;
    private final AbandonedCalls abandoned;
    private final UnpublishedRooms rooms;
    private final CallAnswers answers;
    private final CheckDeadline deadline;
    private final Clock clock;

    /**
     * @param oneRoomIn the consumer group whose events get one room each, however often they are called for; null if each call
     *     opens a room of its own
     */
    public ConnectSteps(
            Tenants tenants,
            ReplyTopics replyTopics,
            @Nullable String oneRoomIn,
            KafkaWatch kafka,
            ConversationMetrics metrics,
            AbandonedCalls abandoned,
            UnpublishedRooms rooms,
            CallAnswers answers,
            CheckDeadline deadline,
            Clock clock) {
        this.answers = answers;
        this.tenants = tenants;
        this.replyTopics = replyTopics;
        this.oneRoomIn = oneRoomIn;
        this.kafka = kafka;
        this.metrics = metrics;
        this.abandoned = abandoned;
        this.deadline = deadline;
        this.rooms = rooms;
        this.clock = clock;
    }

    CheckDeadline deadline() {
        return deadline;
    }

    List<Tenant> tenants() {
        return tenants.all();
    }

    /**
     * @throws dev.serai.engine.RecordRefusedException if a room could not be published where its reply has to go
     * @throws ConversationFailure if the client listens where no reply can come
     */
    void begin(Exchange exchange) {
        EventInFlight inFlight = EventInFlight.of(exchange);
        requireReplyAddress(inFlight);
        OneRoom room = oneRoom(inFlight);
        ConnectBody body = inFlight.takeConnectBody();
        exchange.setProperty(
                ConnectCall.PROPERTY,
                new ConnectCall(
                        tenants.named(inFlight.event().tenant()), inFlight.event(), inFlight.caller(), body, room));
        // When the service is forced to stop, Camel runs no further step, whatever the route says.
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                endTurn(done);
            }
        });
    }

    private @Nullable OneRoom oneRoom(EventInFlight inFlight) {
        return oneRoomIn == null || !OneRoom.isLeftOpenBy(inFlight.event())
                ? null
                : OneRoom.of(oneRoomIn, inFlight.event(), inFlight.original());
    }

    private void requireReplyAddress(EventInFlight inFlight) {
        String topic = replyTopics.topicFor(inFlight.original());
        inFlight.delivery().requireWritable(topic);
        replyTopics.partition(inFlight.original()).ifPresent(partition -> {
            int number = partition.number();
            int there = inFlight.delivery().partitions(topic, number + 1);
            if (number < 0 || (there > 0 && number >= there)) {
                throw new ConversationFailure(Failure.of(
                        ErrorCategory.INVALID_EVENT,
                        "header " + partition.header() + ": topic " + topic + " has no partition " + number
                                + (there > 0 ? ", only 0 to " + (there - 1) : "")));
            }
        });
    }

    boolean isPending(Exchange exchange) {
        return ConnectCall.of(exchange).isPending();
    }

    /** Waits before another attempt; on the event's own thread, which has nothing else to do. */
    void pause(Exchange exchange) throws InterruptedException {
        ConnectCall call = ConnectCall.of(exchange);
        Duration pause = call.pause();
        if (pause.isZero()) {
            return;
        }
        EventInFlight inFlight = EventInFlight.of(exchange);
        inFlight.held()
                .waitsFor(new Wait.BackOff(
                        call.calls() + 1,
                        text(call.lastFailure()),
                        clock.instant().plus(pause)));
        inFlight.delivery().awaitWanted(() -> {
            Thread.sleep(pause);
            return true;
        });
        inFlight.held().goesOn();
    }

    /** @param failure null if the last call was told that its session is gone, which is no failure of the event's */
    private static String text(@Nullable Failure failure) {
        if (failure == null) {
            return "a session that is gone";
        }
        return failure.category().wireName() + (failure.httpStatus() == null ? "" : ", status " + failure.httpStatus());
    }

    /**
     * Waits until a call may be made. While Kafka is away none is: its room could only be published when Kafka is back,
     * and nobody knows when that is.
     *
     * @throws ConversationFailure if the deadline comes first
     */
    void awaitTurn(Exchange exchange) throws InterruptedException {
        EventInFlight inFlight = EventInFlight.of(exchange);
        ConnectCall call = ConnectCall.of(exchange);
        Gate gate = call.tenant().gate();
        long begun = System.nanoTime();
        HeldEvent held = inFlight.held();
        OneRoom room = call.room();
        boolean wanted = inFlight.delivery().awaitWanted(() -> {
            if (room != null && rooms.isClosing(room)) {
                held.waitsFor(new Wait.Closing());
                if (!rooms.awaitClosed(room, deadline.left(exchange))) {
                    return false;
                }
            }
            held.waitsFor(new Wait.Kafka());
            while (kafka.awaitUp(deadline.left(exchange))) {
                held.waitsFor(new Wait.AtGate(gate, call.ticket(), call.caller()));
                Optional<Permit> permit = gate.enter(call.ticket(), call.caller(), deadline.left(exchange));
                if (permit.isEmpty()) {
                    return false;
                }
                if (kafka.problem().isEmpty()) {
                    call.permitted(permit.get());
                    return true;
                }
                gate.leaveUnused(permit.get());
                held.waitsFor(new Wait.Kafka());
            }
            return false;
        });
        held.goesOn();
        Duration waited = Duration.ofNanos(System.nanoTime() - begun);
        call.waited(waited);
        metrics.waited(call.tenant().name(), call.caller().priority(), waited);
        if (!wanted) {
            throw deadline.passed(exchange);
        }
    }

    /**
     * Gives back a permit that came to no call, or to one that ended as nobody foresaw: what was sent may have left a
     * session. Without effect once it was given back.
     */
    void endTurn(Exchange exchange) {
        ConnectCall call = ConnectCall.of(exchange);
        if (call.isUnderWay()) {
            CallOutcome outcome = TransportFailure.outcome(failure(exchange));
            if (outcome instanceof CallOutcome.Unknown) {
                var unused = answers.returned(exchange, outcome);
                Delivery delivery = EventInFlight.of(exchange).delivery();
                if (delivery.isRevoked()) {
                    abandoned.answerNotAwaited(delivery.toString());
                }
            }
            call.givenUp();
            EventInFlight.of(exchange).held().goesOn();
        }
        Permit permit = call.takePermit();
        if (permit != null) {
            call.tenant().gate().leaveUnused(permit);
        }
    }

    private static @Nullable Throwable failure(Exchange exchange) {
        Exception failure = exchange.getException();
        return failure != null ? failure : exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    }

    /**
     * The last moment to leave it: what comes behind it is a call that is under way.
     *
     * @throws DeliveryRevokedException if the event is somebody else's by now: a call would open a second room
     * @throws dev.serai.engine.DeliveryCancelledException if nobody waits for the room any more
     */
    void prepareRequest(Exchange exchange) {
        EventInFlight inFlight = EventInFlight.of(exchange);
        inFlight.delivery().requireWanted();
        ConnectCall call = ConnectCall.of(exchange);
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(Exchange.CONTENT_TYPE, "application/json");
        CloudEvent.traceOf(inFlight.original()).ifPresent(trace -> {
            message.setHeader(TraceContext.PARENT, trace.parent());
            message.setHeader(TraceContext.STATE, trace.state());
        });
        message.setBody(call.body());
        call.sending();
        inFlight.held()
                .waitsFor(new Wait.Call(
                        call.tenant().gate().name(),
                        call.calls(),
                        call.calls() == 1 ? null : text(call.lastFailure())));
    }

    void readAnswer(Exchange exchange) {
        answers.read(exchange);
    }

    void readTransportFailure(Exchange exchange) {
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        CallOutcome outcome = TransportFailure.outcome(failure);
        Delivery delivery = EventInFlight.of(exchange).delivery();
        if (TransportFailure.isInterrupt(failure) && delivery.isRevoked()) {
            // It was the service that stopped, and the event is somebody else's; what was sent was sent all the same.
            endTurn(exchange);
            delivery.requireKept();
        }
        answers.noneCame(exchange, outcome);
    }
}
