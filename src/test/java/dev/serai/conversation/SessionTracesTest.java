package dev.serai.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.engine.Assignments;
import dev.serai.engine.Delivery;
import dev.serai.engine.LoneDelivery;
import dev.serai.observe.ConversationMetrics;
import dev.serai.session.ConversationState;
import dev.serai.session.OpenSessions;
import dev.serai.session.SampleSessions;
import dev.serai.session.SealingKeys;
import dev.serai.session.SessionSealer;
import dev.serai.session.SessionTable;
import dev.serai.testing.IdleCommitter;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.SampleRecords;
import dev.serai.wire.event.SampleRules;
import dev.serai.wire.event.StartEventDecoder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an event leaves of its conversation. */
@Timeout(120)
class SessionTracesTest {
    private static final OriginalRecord ORIGINAL =
            SampleRecords.original(SampleRecords.utf8("caller-1"), SampleRecords.utf8("{\"character_id\":\"guide\"}"));
    private static final byte[] KEY = Objects.requireNonNull(ORIGINAL.key());

    private final Clock clock = Clock.systemUTC();
    private final ConversationState before =
            ConversationState.EMPTY.withSession("guide", "remembered").answered("event-1", clock.instant());
    private final SessionTable sessions = new SessionTable(Duration.ofDays(1), clock);
    private final OpenSessions open =
            new OpenSessions(Duration.ofMinutes(5), clock, new OpenSessions.Bounds(10, 1 << 20));
    private final SessionTraces traces = new SessionTraces(
            "sessions", sessions, open, new SessionSealer(SealingKeys.of(SampleSessions.KEY_A)), null, clock);
    private final Delivery delivery = LoneDelivery.of(IdleCommitter.of(new Assignments(1, Long.MAX_VALUE)), "event");
    private final EventInFlight inFlight = new EventInFlight(ORIGINAL, delivery, clock.instant());

    @BeforeEach
    void remember() {
        sessions.open(ORIGINAL.partition());
        sessions.put(ORIGINAL.partition(), KEY, before);
        open.open(ORIGINAL.partition());
    }

    private void decode() throws Exception {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        inFlight.attachTo(exchange);
        new DecodeEvent(
                        new StartEventDecoder(
                                new StartEventDecoder.Rules(
                                        null, SampleRules.deadlines(), 100_000, Set.of(), Set.of("default")),
                                SampleRules.replyTopics("replies")),
                        new DecodingBudget("events", 1 << 20, 1 << 14),
                        1 << 21,
                        new ConversationMetrics(new SimpleMeterRegistry(), List.of("default")))
                .process(exchange);
        assertThat(inFlight.read().isDecoded()).isTrue();
    }

    /** The conversation's record names a session that was ended meanwhile. */
    private void endASession() {
        open.opened(ORIGINAL.partition(), KEY, SampleSessions.open("event-1", clock.instant(), null));
        open.recorded(ORIGINAL.partition(), KEY);
        assertThat(open.ended(
                        ORIGINAL.partition(),
                        KEY,
                        open.of(ORIGINAL.partition(), KEY).getFirst()))
                .isTrue();
        assertThat(open.isRecordLate(ORIGINAL.partition(), KEY)).isTrue();
    }

    /** As by a step of the operator's own, between decode-event and recall-conversation. */
    @Test
    void eventThatFailsBeforeItsConversationIsRecalled_wipesNothing() throws Exception {
        endASession();
        decode();
        inFlight.fail(Failure.of(ErrorCategory.INTERNAL_ERROR, "a defect"));

        SessionTrace trace = traces.note(inFlight);

        assertThat(trace).isInstanceOfSatisfying(SessionTrace.Changed.class, changed -> assertThat(changed.state())
                .isEqualTo(before));
    }

    @Test
    void eventThatFailsBeforeItsConversationIsRecalled_leavesARecordThatIsTrueAsItIs() throws Exception {
        decode();
        inFlight.fail(Failure.of(ErrorCategory.INTERNAL_ERROR, "a defect"));

        assertThat(traces.note(inFlight)).isEqualTo(new SessionTrace.None(null));
    }
}
