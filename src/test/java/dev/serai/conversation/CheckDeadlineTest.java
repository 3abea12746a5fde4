package dev.serai.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.serai.engine.Assignments;
import dev.serai.engine.LoneDelivery;
import dev.serai.observe.ConversationMetrics;
import dev.serai.observe.KafkaWatch;
import dev.serai.testing.IdleCommitter;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RecordHeader;
import dev.serai.wire.SampleRecords;
import dev.serai.wire.event.Deadlines;
import dev.serai.wire.event.EventPreviews;
import dev.serai.wire.event.SampleRules;
import dev.serai.wire.event.StartEventDecoder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Events that are decoded, and looked at, long after they were taken. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class CheckDeadlineTest {
    private static final Instant TAKEN = SampleRecords.TIMESTAMP;
    private static final Deadlines DEADLINES = SampleRules.deadlines();
    private static final String AWAITED = "kafka_correlationId";

    /** Five seconds is what this client has by default: who names them knows of them. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'character_id':'c'}                                     | kafka_correlationId | 0    | true
            {'character_id':'c'}                                     | kafka_correlationId | 3600 | true
            {'character_id':'c','ttl_ms':null}                       | kafka_correlationId | 0    | true
            {'character_id':'c','ttl_ms':5000}                       | kafka_correlationId | 0    | false
            {'character_id':'c','expires_at':'2026-01-31T10:00:05Z'} | kafka_correlationId | 0    | false
            {'character_id':'c'}                                     | traceparent         | 0    | false
            """)
    void expiredEvent_isToldOfTheShortTimeThatItDidNotChoose(
            String event, String header, long secondsAhead, boolean isTold) throws Exception {
        Exchange exchange = decoded(record(event, secondsAhead, header));

        ConversationFailure expired =
                catchThrowableOfType(ConversationFailure.class, () -> checkedAt(TAKEN.plusSeconds(600))
                        .process(exchange));

        assertThat(expired.failure().detailText().contains("a client waits, for 5000 ms (serai.reply.default-ttl)"))
                .as(expired.failure().detailText())
                .isEqualTo(isTold);
    }

    /** It was decoded after that: to wait behind others must not make it live longer. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'character_id':'c'}                 | none                | 120
            {'character_id':'c'}                 | kafka_correlationId | 5
            {'character_id':'c','ttl_ms':60000}  | kafka_correlationId | 60
            """)
    void eventOfAPublisherWhoseClockIsFast_hasItsTimeFromWhenItWasTaken(String event, String header, long seconds)
            throws Exception {
        OriginalRecord original = record(event, 3_600, header);

        assertThat(EventInFlight.of(decoded(original)).event().expiresAt())
                .isEqualTo(TAKEN.plusSeconds(seconds))
                .isEqualTo(new EventPreviews(DEADLINES, Set.of("default"), null)
                        .of(original, TAKEN)
                        .deadline());
    }

    @Test
    void eventThatHasTimeLeft_goesOn() throws Exception {
        checkedAt(TAKEN.plusSeconds(4)).process(decoded(record("{'character_id':'c'}", 0, AWAITED)));
    }

    private static CheckDeadline checkedAt(Instant now) {
        return new CheckDeadline(
                new KafkaWatch(Map.of(), Optional::empty), DEADLINES, Clock.fixed(now, ZoneOffset.UTC));
    }

    private static OriginalRecord record(String singleQuoted, long secondsAhead, String header) {
        return new OriginalRecord(
                "start",
                0,
                0,
                TAKEN.plus(Duration.ofSeconds(secondsAhead)),
                new byte[] {1},
                SampleRecords.utf8(singleQuoted.replace('\'', '"')),
                List.of(new RecordHeader(header, new byte[] {7})));
    }

    private static Exchange decoded(OriginalRecord original) throws Exception {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        var delivery = LoneDelivery.of(IdleCommitter.of(new Assignments(1, Long.MAX_VALUE)), "event");
        new EventInFlight(original, delivery, TAKEN).attachTo(exchange);
        StartEventDecoder decoder = new StartEventDecoder(
                new StartEventDecoder.Rules(null, DEADLINES, 100_000, Set.of(), Set.of("default")),
                SampleRules.replyTopics("replies"));
        new DecodeEvent(
                        decoder,
                        new DecodingBudget("events", 1 << 20, 1 << 14),
                        1 << 21,
                        new ConversationMetrics(new SimpleMeterRegistry(), List.of("default")))
                .process(exchange);
        return exchange;
    }
}
