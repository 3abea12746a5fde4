package dev.serai.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.serai.engine.Assignments;
import dev.serai.engine.Committer;
import dev.serai.engine.DeliveryCancelledException;
import dev.serai.engine.LoneDelivery;
import dev.serai.observe.ConversationMetrics;
import dev.serai.testing.IdleCommitter;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.event.SampleRules;
import dev.serai.wire.event.StartEventDecoder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.UnitOfWorkHelper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The memory that decoding takes: how long, and when it is not even begun. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DecodeEventTest {
    private static final long KIB = 1024;

    private final DecodingBudget budget = new DecodingBudget("events", 1024 * KIB, 16 * KIB);
    private final DecodeEvent decode = new DecodeEvent(
            decoder(), budget, 2048 * KIB, new ConversationMetrics(new SimpleMeterRegistry(), List.of("default")));

    @Test
    void lightEvent_takesNoPart() throws Exception {
        Exchange exchange = exchange("{\"character_id\":\"c\"}");

        decode.process(exchange);

        assertThat(budget.taken()).isZero();
    }

    @Test
    void heavyEvent_holdsItsPartUntilItsRequestIsMade() throws Exception {
        Exchange exchange = exchange(event("{},".repeat(2_000) + "{}"));

        decode.process(exchange);
        long taken = budget.taken();
        EventInFlight inFlight = EventInFlight.of(exchange);
        assertThat(new String(inFlight.takeConnectBody().toBytes(null), StandardCharsets.UTF_8))
                .contains("{},{}");

        assertThat(taken).isPositive();
        assertThat(budget.taken()).isZero();
        assertThat(inFlight.event().endUserMetadata()).isNull();
    }

    @Test
    void heavyEvent_whoseRoutesEnd_givesItsPartBack() throws Exception {
        Exchange exchange = exchange(event("{},".repeat(2_000) + "{}"));
        decode.process(exchange);
        assertThat(budget.taken()).isPositive();

        UnitOfWorkHelper.doneSynchronizations(
                exchange, exchange.getExchangeExtension().handoverCompletions());

        assertThat(budget.taken()).isZero();
        assertThat(EventInFlight.of(exchange).event().endUserMetadata()).isNull();
    }

    @Test
    void heavyEvent_thatIsInvalid_givesItsPartBackAtOnce() {
        Exchange exchange = exchange("[" + "{},".repeat(2_000));

        assertThatThrownBy(() -> decode.process(exchange)).isInstanceOf(ConversationFailure.class);

        assertThat(budget.taken()).isZero();
    }

    /** Decoded, it would be the end of this process, and of the next one that takes over the partition. */
    @Test
    void eventThatIsTooHeavy_isInvalid_withoutBeingDecoded() {
        Exchange exchange = exchange(event("{},".repeat(20_000) + "{}"));

        ConversationFailure failure = catchThrowableOfType(ConversationFailure.class, () -> decode.process(exchange));

        assertThat(failure.failure().category()).isEqualTo(ErrorCategory.INVALID_EVENT);
        assertThat(failure.failure().detailText())
                .contains("MiB of memory once it is decoded: at most 2 MiB are allowed");
        assertThat(budget.taken()).isZero();
    }

    @Test
    void eventThatIsTooLong_isRefusedForItsLength() {
        Exchange exchange = exchange(event("{},".repeat(60_000) + "{}"));

        ConversationFailure failure = catchThrowableOfType(ConversationFailure.class, () -> decode.process(exchange));

        assertThat(failure.failure().detailText()).contains("serai.conversation.max-event-bytes");
    }

    /** Nobody waits for it any more: it does not wait for memory, either, and its answer names it. */
    @Test
    void cancelledEvent_isNotDecoded_andKeepsItsName() throws Exception {
        DecodingBudget.Part all = budget.part(1024 * KIB);
        all.take();
        String heavy = event("{},".repeat(2_000) + "{}").replaceFirst("\\{", "{\"event_id\":\"mine\",");
        Exchange exchange = exchange(heavy);
        EventInFlight inFlight = EventInFlight.of(exchange);
        AtomicReference<@Nullable Throwable> ended = new AtomicReference<>();
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                decode.process(exchange);
            } catch (Throwable e) {
                ended.set(e);
            }
        });
        await().until(() -> budget.waiting() == 1);

        inFlight.delivery().cancel("hung up");
        thread.join();

        assertThat(ended.get()).isInstanceOf(DeliveryCancelledException.class);
        assertThat(inFlight.eventId()).isEqualTo("mine");
        all.close();
        assertThat(budget.taken()).isZero();
        assertThat(budget.waiting()).isZero();
    }

    private static String event(String objects) {
        return "{\"character_id\":\"c\",\"end_user_metadata\":{\"m\":[" + objects + "]}}";
    }

    private static Exchange exchange(String json) {
        Committer committer = IdleCommitter.of(new Assignments(1, Long.MAX_VALUE));
        OriginalRecord original = new OriginalRecord(
                "start", 0, 0, Instant.now(), new byte[] {1}, json.getBytes(StandardCharsets.UTF_8), List.of());
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        new EventInFlight(original, LoneDelivery.of(committer, "event"), Instant.now()).attachTo(exchange);
        return exchange;
    }

    private static StartEventDecoder decoder() {
        return new StartEventDecoder(
                new StartEventDecoder.Rules(null, SampleRules.deadlines(), 100_000, Set.of(), Set.of("default")),
                SampleRules.replyTopics("replies"));
    }
}
