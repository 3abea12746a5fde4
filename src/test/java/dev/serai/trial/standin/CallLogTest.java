package dev.serai.trial.standin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.trial.standin.CallLog.OpenCall;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class CallLogTest {

    private final CallLog log = new CallLog(InstantSource.system(), 3, 100);

    @Test
    void oldestCalls_goFirstWhenThereAreTooMany() {
        for (int i = 0; i < 5; i++) {
            open("").answered(200, "");
        }

        assertThat(log.calls()).extracting(RecordedCall::number).containsExactly(3L, 4L, 5L);
        assertThat(log.summary().connectCalls()).isEqualTo(5);
        assertThat(log.summary().answers()).containsExactly(Map.entry("200", 5L));
    }

    @Test
    void oldestCalls_goFirstWhenTheirBodiesAreTooLarge() {
        open("x".repeat(40)).answered(200, "x".repeat(40));
        open("x".repeat(10)).answered(200, "x".repeat(10));
        assertThat(log.calls()).hasSize(2);

        open("").answered(200, "x");

        assertThat(log.calls()).extracting(RecordedCall::number).containsExactly(2L, 3L);
    }

    @Test
    void newestCall_isKeptHoweverLarge() {
        open("").answered(200, "");
        open("x".repeat(1_000)).answered(200, "");

        assertThat(log.calls()).extracting(RecordedCall::number).containsExactly(2L);
    }

    @Test
    void callThatEndsAfterItWasDropped_takesUpNoRoom() {
        OpenCall slow = open("");
        for (int i = 0; i < 3; i++) {
            open("").answered(200, "");
        }

        slow.answered(200, "x".repeat(99));
        open("").answered(200, "xx");

        assertThat(log.calls()).hasSize(3);
    }

    @Test
    void firstEndOfACall_counts() {
        OpenCall call = open("");
        call.unanswered();
        call.answered(200, "");

        assertThat(log.calls().getFirst().status()).isNull();
        assertThat(log.summary().answers()).containsExactly(Map.entry("none", 1L));
        assertThat(log.summary().concurrentNow()).isZero();
    }

    @Test
    void callInProgressWhenCleared_isStillInProgressAndCountsForNothingElse() {
        OpenCall call = open("");
        log.clear();
        assertThat(log.summary().concurrentNow()).isEqualTo(1);
        assertThat(log.maxConcurrentConnects()).isEqualTo(1);

        call.sessionMade();
        call.playing(Fault.hang());
        call.answered(200, "");

        CallCounts.Summary summary = log.summary();
        assertThat(summary.concurrentNow()).isZero();
        assertThat(summary.sessionsMade()).isZero();
        assertThat(summary.answers()).isEmpty();
        assertThat(summary.faults()).isEmpty();
    }

    private OpenCall open(String body) {
        return log.open(CallKind.CONNECT, "POST", "/connect", Map.of(), body, "ada");
    }
}
