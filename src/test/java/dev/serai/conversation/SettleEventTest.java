package dev.serai.conversation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.connect.Disconnects;
import dev.serai.connect.EndingMetrics;
import dev.serai.engine.Assignments;
import dev.serai.engine.Committer;
import dev.serai.engine.Delivery;
import dev.serai.engine.DroppedDelivery;
import dev.serai.engine.LoneDelivery;
import dev.serai.engine.OutgoingTopics;
import dev.serai.engine.Transactions;
import dev.serai.observe.AbandonedCalls;
import dev.serai.observe.ConversationMetrics;
import dev.serai.observe.DeadLetterLog;
import dev.serai.observe.KafkaWatch;
import dev.serai.observe.waiting.HeldEvents;
import dev.serai.session.ConversationState;
import dev.serai.session.OpenSessions;
import dev.serai.session.SealingKeys;
import dev.serai.session.SessionSealer;
import dev.serai.session.SessionTable;
import dev.serai.testing.NobodyListens;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.Topics;
import dev.serai.wire.ForgetCommand;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RecordHeader;
import dev.serai.wire.SampleRecords;
import dev.serai.wire.event.SampleRules;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of a conversation's state when its event is committed while its delivery ends for another reason. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SettleEventTest {
    private static final byte[] KEY = "caller-1".getBytes(UTF_8);
    private static final OriginalRecord COMMAND =
            SampleRecords.original(KEY, null, ForgetCommand.headers().toArray(RecordHeader[]::new));
    private static final int PARTITION = COMMAND.partition();

    private final Map<String, Object> kafka = Map.of("bootstrap.servers", SharedBroker.bootstrapServers());
    private final String suffix = UUID.randomUUID().toString();
    private final String sessionTopic = "sessions-" + suffix;
    private final Clock clock = Clock.systemUTC();
    private final ConversationState before = ConversationState.EMPTY.answered("event-1", clock.instant());
    private final SessionTable sessions = new SessionTable(Duration.ofDays(1), clock);
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final DeadLetterLog deadLetters = new DeadLetterLog();
    private final AbandonedCalls abandoned = new AbandonedCalls();
    private Admin admin;

    @BeforeEach
    void begin() throws Exception {
        admin = Admin.create(kafka);
        Topics.create(
                admin,
                List.of(
                        new NewTopic("start-" + suffix, Optional.of(1), Optional.empty()),
                        new NewTopic(sessionTopic, Optional.of(PARTITION + 1), Optional.empty())));
        sessions.open(PARTITION);
        sessions.put(PARTITION, KEY, before);
    }

    @AfterEach
    void end() {
        deadLetters.close();
        abandoned.close();
        camel.stop();
        admin.close();
    }

    /** Found by the long chaos run, seed 7106: the conversation's next event began afresh. */
    @Test
    void whatIsCommitted_isRemembered_althoughItsLogWasCutMeanwhile() {
        settle(DroppedDelivery::cut);

        assertThat(sessions.get(PARTITION, KEY)).isEqualTo(ConversationState.EMPTY);
    }

    @Test
    void whatIsCommitted_isLeftToThePartitionsNextOwner() {
        settle(DroppedDelivery::revoke);

        assertThat(sessions.get(PARTITION, KEY)).isEqualTo(before);
    }

    /** Settles a command to forget the conversation, in whose transaction's last moment something happens to it. */
    private void settle(Consumer<Delivery> meanwhile) {
        var atTheEnd = new AtTheEnd(meanwhile);
        OutgoingTopics topics = new OutgoingTopics(admin);
        Transactions transactions = new Transactions(
                kafka,
                "group-" + suffix,
                "start-" + suffix,
                "group-" + suffix + "-one",
                admin,
                List.of(sessionTopic),
                topics);
        try (Committer committer =
                new Committer(new Assignments(1, Long.MAX_VALUE), transactions, topics, atTheEnd, clock)) {
            committer.start();
            Delivery delivery = LoneDelivery.of(committer, "the command");
            atTheEnd.delivery = delivery;
            EventInFlight inFlight = new EventInFlight(COMMAND, delivery, clock.instant());
            inFlight.settlement().passedOver();
            Exchange exchange = new DefaultExchange(camel);

            ConversationMetrics metrics = new ConversationMetrics(new SimpleMeterRegistry(), Set.of());
            new SettleEvent(
                            sessionTopic,
                            "dead-letters-" + suffix,
                            new SessionTraces(
                                    sessionTopic,
                                    sessions,
                                    new OpenSessions(Duration.ofMinutes(5), clock, new OpenSessions.Bounds(10, 0)),
                                    new SessionSealer(SealingKeys.NONE),
                                    null,
                                    clock),
                            metrics,
                            deadLetters,
                            abandoned,
                            new UnpublishedRooms(
                                    new Disconnects(Map.of(), new EndingMetrics(new SimpleMeterRegistry())), metrics),
                            new HeldEvents(),
                            new CheckDeadline(
                                    new KafkaWatch(Map.of(), Optional::empty), SampleRules.deadlines(), clock),
                            camel.createProducerTemplate())
                    .whenDone(inFlight)
                    .onDone(exchange);

            assertThat(delivery.isRevoked()).isTrue();
        }
    }

    /** After the transaction, and before the event's own thread knows of it. */
    private static final class AtTheEnd extends NobodyListens {
        private final Consumer<Delivery> meanwhile;
        private volatile @Nullable Delivery delivery;

        AtTheEnd(Consumer<Delivery> meanwhile) {
            this.meanwhile = meanwhile;
        }

        @Override
        public void committed(int events, Duration took) {
            meanwhile.accept(Objects.requireNonNull(delivery));
        }
    }
}
