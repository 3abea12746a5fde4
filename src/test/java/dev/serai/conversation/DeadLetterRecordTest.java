package dev.serai.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.engine.Assignments;
import dev.serai.engine.LoneDelivery;
import dev.serai.testing.IdleCommitter;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import dev.serai.wire.SampleRecords;
import java.time.Clock;
import java.time.Instant;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which failures leave a dead letter. */
@Timeout(120)
class DeadLetterRecordTest {
    @ParameterizedTest
    @EnumSource(ErrorCategory.class)
    void deadLetter_isDue_unlessNothingHasFailed(ErrorCategory category) {
        EventInFlight inFlight = new EventInFlight(
                SampleRecords.original(SampleRecords.utf8("{}")),
                LoneDelivery.of(IdleCommitter.of(new Assignments(1, Long.MAX_VALUE)), "event"),
                Instant.now());
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        inFlight.attachTo(exchange);
        inFlight.fail(Failure.of(category, "why"));
        DeadLetterRecord deadLetters = new DeadLetterRecord(Clock.systemUTC());

        assertThat(deadLetters.isDue(exchange)).isEqualTo(category != ErrorCategory.CANCELLED);

        inFlight.wasAnsweredBefore();
        assertThat(deadLetters.isDue(exchange)).isFalse();

        // Its topic takes no reply of this event: without a dead letter it would have no answer at all.
        inFlight.settlement().goOnWithoutReply();
        assertThat(deadLetters.isDue(exchange)).isTrue();
    }
}
