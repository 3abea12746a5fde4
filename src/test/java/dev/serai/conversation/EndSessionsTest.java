package dev.serai.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.connect.EndCause;
import dev.serai.connect.SessionEnder;
import dev.serai.engine.Assignments;
import dev.serai.engine.Delivery;
import dev.serai.engine.DeliveryRevokedException;
import dev.serai.engine.DroppedDelivery;
import dev.serai.engine.LoneDelivery;
import dev.serai.session.OpenSession;
import dev.serai.session.OpenSessions;
import dev.serai.testing.IdleCommitter;
import dev.serai.wire.EndConversation;
import dev.serai.wire.IgnoredFields;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.SampleRecords;
import dev.serai.wire.WireSchemas;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Issue 15: what an end event ends when its turn has come. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EndSessionsTest {
    /** Of the sample record. */
    private static final int PARTITION = 3;

    private static final byte[] KEY = SampleRecords.utf8("caller-1");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<String> asked = new ArrayList<>();
    private final Delivery delivery = LoneDelivery.of(IdleCommitter.of(new Assignments(1, Long.MAX_VALUE)), "event");

    private final OpenSessions open = new OpenSessions(
            Duration.ofMinutes(5),
            Clock.systemUTC(),
            OpenSessions.Bounds.of(Runtime.getRuntime().maxMemory()));

    @BeforeEach
    void ownPartition() {
        open.open(PARTITION);
    }

    private void opened(OpenSession... sessions) {
        for (OpenSession session : sessions) {
            open.opened(PARTITION, KEY, session);
        }
    }

    private List<List<String>> stillOpen() {
        return open.of(PARTITION, KEY).stream().map(OpenSession::sessionIds).toList();
    }

    @Test
    void everySessionOfTheTenant_isEnded_andForgotten() throws Exception {
        opened(session("1", "guide", "default"), session("2", "clerk", "default"));
        opened(session("3", "guide", "acme"));

        ObjectNode reply = end(new EndConversation("e", null, "left", "default", false), over(true), PATIENCE);

        assertThat(asked).containsExactlyInAnyOrder("default [1] END_EVENT", "default [2] END_EVENT");
        assertThat(stillOpen()).containsExactly(List.of("3"));
        assertThat(reply.path("sessions_ended").asInt()).isEqualTo(2);
        assertThat(reply.path("sessions_left").asInt()).isZero();
        assertThat(reply.path("reason").asText()).isEqualTo("left");
        assertThat(reply.path("character_id").isNull()).isTrue();
    }

    /** It counts as over after five minutes, and the provider counts from the last word. */
    @Test
    void callerWhoHasTalkedLong_isFound() throws Exception {
        Instant longAgo = Instant.now().minusSeconds(20 * 60);
        opened(new OpenSession("e", "guide", "default", List.of("1"), longAgo, null, null));
        assertThat(open.open("default")).isZero();

        ObjectNode reply = end(new EndConversation("e", null, "left", "default", false), over(true), PATIENCE);

        assertThat(asked).containsExactly("default [1] END_EVENT");
        assertThat(reply.path("sessions_ended").asInt()).isEqualTo(1);
        assertThat(stillOpen()).isEmpty();
    }

    @Test
    void eventThatNamesACharacter_endsItsSessionsOnly() throws Exception {
        opened(session("1", "guide", "default"), session("2", "clerk", "default"));

        ObjectNode reply = end(new EndConversation("e", "guide", null, "default", false), over(true), PATIENCE);

        assertThat(stillOpen()).containsExactly(List.of("2"));
        assertThat(reply.path("sessions_ended").asInt()).isEqualTo(1);
        assertThat(reply.path("character_id").asText()).isEqualTo("guide");
    }

    @Test
    void sessionThatTheProviderDoesNotEnd_staysKnown_forTheNextEndEvent() throws Exception {
        opened(session("1", "guide", "default"), session("2", "clerk", "default"));
        SessionEnder one = (tenant, ids, cause) -> CompletableFuture.completedFuture(ids.equals(List.of("1")));

        ObjectNode reply = end(new EndConversation("e", null, null, "default", false), one, PATIENCE);

        assertThat(reply.path("sessions_ended").asInt()).isEqualTo(1);
        assertThat(reply.path("sessions_left").asInt()).isEqualTo(1);
        assertThat(stillOpen()).containsExactly(List.of("2"));

        assertThat(end(new EndConversation("e", null, null, "default", false), over(true), PATIENCE)
                        .path("sessions_ended")
                        .asInt())
                .isEqualTo(1);
        assertThat(stillOpen()).isEmpty();
    }

    @Test
    void endingThatDoesNotComeToAnything_isNotWaitedForForLong() throws Exception {
        opened(session("1", "guide", "default"), session("2", "clerk", "default"));
        SessionEnder one = (tenant, ids, cause) ->
                ids.equals(List.of("1")) ? CompletableFuture.completedFuture(true) : new CompletableFuture<>();

        ObjectNode reply = end(new EndConversation("e", null, null, "default", false), one, Duration.ofMillis(50));

        assertThat(reply.path("sessions_ended").asInt()).isEqualTo(1);
        assertThat(reply.path("sessions_left").asInt()).isEqualTo(1);
    }

    @Test
    void nothingToEnd_isAnsweredWithZero() throws Exception {
        ObjectNode reply = end(new EndConversation("e", null, null, "default", false), over(true), PATIENCE);

        assertThat(reply.path("sessions_ended").asInt()).isZero();
        assertThat(asked).isEmpty();
    }

    @Test
    void partitionThatGoesToAnotherOwner_endsTheWait() throws Exception {
        opened(session("1", "guide", "default"));
        CountDownLatch waits = new CountDownLatch(1);
        SessionEnder never = (tenant, ids, cause) -> {
            waits.countDown();
            return new CompletableFuture<>();
        };
        AtomicReference<@Nullable Throwable> ended = new AtomicReference<>();
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                end(new EndConversation("e", null, null, "default", false), never, PATIENCE);
            } catch (Throwable e) {
                ended.set(e);
            }
        });
        waits.await();

        DroppedDelivery.revoke(delivery);
        thread.join();

        assertThat(ended.get()).isInstanceOf(DeliveryRevokedException.class);
        assertThat(stillOpen()).hasSize(1);
        assertThatThrownBy(() -> end(new EndConversation("e", null, null, "default", false), over(true), PATIENCE))
                .isInstanceOf(DeliveryRevokedException.class);
        assertThat(asked).isEmpty();
    }

    private SessionEnder over(boolean isOver) {
        return (tenant, ids, cause) -> {
            asked.add(tenant + " " + ids + " " + cause);
            assertThat(cause).isEqualTo(EndCause.END_EVENT);
            return CompletableFuture.completedFuture(isOver);
        };
    }

    private ObjectNode end(EndConversation event, SessionEnder ender, Duration patience) throws Exception {
        OriginalRecord original = SampleRecords.original(KEY, SampleRecords.utf8("{}"));
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        EventInFlight inFlight = new EventInFlight(original, delivery, Instant.now());
        inFlight.attachTo(exchange);
        inFlight.accept(event, IgnoredFields.NONE);
        EndSessions endSessions = new EndSessions(open, ender, patience);
        assertThat(endSessions.isDue(exchange)).isTrue();

        endSessions.process(exchange);

        ObjectNode reply = EventReply.of(inFlight, Instant.now(), false, true).toJson();
        WireSchemas.assertReply(reply);
        return reply;
    }

    private static OpenSession session(String id, String character, String tenant) {
        return new OpenSession("event-" + id, character, tenant, List.of(id), Instant.now(), null, null);
    }
}
