package dev.serai.connect.gate;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.connect.answer.AnswerClassifier;
import dev.serai.connect.answer.CallOutcome;
import dev.serai.connect.answer.RetryAfter;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What calls come to, for tests. */
final class Outcomes {
    private static final TextNode DETAIL = TextNode.valueOf("said by a test");

    private static final CallOutcome CONNECTED = new AnswerClassifier(
                    new RetryAfter(Clock.systemUTC(), Duration.ofMinutes(1)), () -> "key")
            .classify(
                    200,
                    null,
                    ("{\"session_id\":\"s\",\"character_session_id\":\"cs\",\"room_url\":\"wss://rooms.example\","
                                    + "\"room_name\":\"r\",\"token\":\"t\"}")
                            .getBytes(StandardCharsets.UTF_8));

    private Outcomes() {}

    static CallOutcome connected() {
        return CONNECTED;
    }

    static CallOutcome busy(@Nullable Duration retryAfter) {
        return new CallOutcome.Busy(429, DETAIL, retryAfter);
    }

    static CallOutcome unavailable(int status, @Nullable Duration retryAfter) {
        return new CallOutcome.Unavailable(status, DETAIL, retryAfter);
    }

    static CallOutcome refused() {
        return new CallOutcome.CredentialsRefused(new Failure(ErrorCategory.UNAUTHORIZED, 401, DETAIL));
    }

    static CallOutcome exhausted() {
        return new CallOutcome.QuotaExhausted(new Failure(ErrorCategory.QUOTA_EXHAUSTED, 429, DETAIL));
    }

    static CallOutcome doubted() {
        return new CallOutcome.SessionDoubted(new Failure(ErrorCategory.FORBIDDEN, 403, DETAIL));
    }

    static CallOutcome conflict(@Nullable Duration retryAfter) {
        return new CallOutcome.Conflict(409, DETAIL, retryAfter);
    }

    static CallOutcome rejected() {
        return new CallOutcome.Rejected(new Failure(ErrorCategory.CHARACTER_NOT_FOUND, 404, DETAIL));
    }

    static CallOutcome notSent() {
        return new CallOutcome.NotSent("nothing was sent", false);
    }

    static CallOutcome answeredEarly() {
        return new CallOutcome.NotSent("something came before", true);
    }

    static CallOutcome unknown() {
        return new CallOutcome.Unknown("no answer came");
    }
}
