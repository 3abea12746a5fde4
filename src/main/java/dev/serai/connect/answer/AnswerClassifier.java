package dev.serai.connect.answer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.connect.answer.AnswerWords.Subject;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Json;
import dev.serai.wire.Secrets;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the provider's answers: section 5 of the contract, row by row. A pure function of status, {@code Retry-After}
 * and body, but for the key that it masks. Thread-safe.
 */
public final class AnswerClassifier {
    /** More than any answer of the contract; what is longer is not read as one. */
    public static final int MAX_BODY_BYTES = 1 << 20;

    /** {@code req_} and hexadecimal digits today; nothing that a log or a header could trip over. */
    private static final Pattern TRACE_ID = Pattern.compile("[A-Za-z0-9._:-]{1,100}");

    private final RetryAfter retryAfter;
    private final Supplier<String> apiKey;

    /**
     * An answer.
     *
     * @param requestTraceId what the provider calls the request; null if it does not say
     */
    public record Answer(CallOutcome outcome, @Nullable String requestTraceId) {}

    /**
     * @param apiKey the key that calls are made with, which an answer may quote and a detail must not
     */
    public AnswerClassifier(RetryAfter retryAfter, Supplier<String> apiKey) {
        this.retryAfter = retryAfter;
        this.apiKey = apiKey;
    }

    /** What the answer to a request means that named no session. */
    public CallOutcome classify(int status, @Nullable String retryAfterHeader, byte[] body) {
        return read(status, retryAfterHeader, body, false).outcome();
    }

    /**
     * Reads an answer.
     *
     * @param sessionNamed whether the request named a session, to go on with or otherwise
     */
    public Answer read(int status, @Nullable String retryAfterHeader, byte[] body, boolean sessionNamed) {
        JsonNode json = body.length > MAX_BODY_BYTES ? null : json(body);
        CallOutcome outcome = status >= 200 && status < 300
                ? success(status, body.length, json)
                : error(ErrorAnswer.of(status, json, apiKey.get(), retryAfter.parse(retryAfterHeader)), sessionNamed);
        return new Answer(outcome, traceId(json));
    }

    private static CallOutcome error(ErrorAnswer answer, boolean sessionNamed) {
        int status = answer.status();
        return switch (status) {
            case 400 ->
                answer.subject() == Subject.SESSION
                        ? sessionGone(answer)
                        : rejected(answer, ErrorCategory.INVALID_REQUEST);
            case 401 -> new CallOutcome.CredentialsRefused(answer.as(ErrorCategory.UNAUTHORIZED));
            case 403 -> forbidden(answer, sessionNamed);
            case 404 -> notFound(answer);
            // The request was not acted on, and may be repeated (RFC 9110, 15.5.9; RFC 8470, 5.2).
            case 408, 425 -> unavailable(answer);
            case 409 -> new CallOutcome.Conflict(status, answer.detail(), answer.retryAfter());
            case 429 -> tooMany(answer);
            default -> {
                if (status >= 500) {
                    yield unavailable(answer);
                }
                // Below 400 only a redirect is left, which a POST does not follow: the base URL is wrong.
                yield rejected(answer, status >= 400 ? ErrorCategory.INVALID_REQUEST : ErrorCategory.PROTOCOL_ERROR);
            }
        };
    }

    /** A session of another account is the request's own: one event must not close the gate for all. */
    private static CallOutcome forbidden(ErrorAnswer answer, boolean sessionNamed) {
        CallOutcome refused = new CallOutcome.CredentialsRefused(answer.as(ErrorCategory.FORBIDDEN));
        return switch (answer.subject()) {
            case SESSION -> sessionGone(answer);
            case REQUEST -> rejected(answer, ErrorCategory.FORBIDDEN);
            case null -> {
                if (!sessionNamed) {
                    yield refused;
                }
                yield answer.words().contains("session")
                        ? sessionGone(answer)
                        : new CallOutcome.SessionDoubted(answer.as(ErrorCategory.FORBIDDEN));
            }
            default -> refused;
        };
    }

    private static CallOutcome notFound(ErrorAnswer answer) {
        Subject subject = answer.subject();
        if (subject == Subject.SESSION) {
            return sessionGone(answer);
        }
        return rejected(
                answer, subject == Subject.REQUEST ? ErrorCategory.INVALID_REQUEST : ErrorCategory.CHARACTER_NOT_FOUND);
    }

    private static CallOutcome tooMany(ErrorAnswer answer) {
        Subject subject = answer.subject();
        if (subject == Subject.SPEAKERS) {
            return rejected(answer, ErrorCategory.SPEAKER_LIMIT);
        }
        return subject == Subject.QUOTA
                ? new CallOutcome.QuotaExhausted(answer.as(ErrorCategory.QUOTA_EXHAUSTED))
                : new CallOutcome.Busy(answer.status(), answer.detail(), answer.retryAfter());
    }

    private static CallOutcome sessionGone(ErrorAnswer answer) {
        return new CallOutcome.SessionGone(answer.status(), answer.detail());
    }

    private static CallOutcome unavailable(ErrorAnswer answer) {
        return new CallOutcome.Unavailable(answer.status(), answer.detail(), answer.retryAfter());
    }

    private static CallOutcome rejected(ErrorAnswer answer, ErrorCategory category) {
        return new CallOutcome.Rejected(answer.as(category));
    }

    private static CallOutcome success(int status, int length, @Nullable JsonNode body) {
        if (length > MAX_BODY_BYTES) {
            return new CallOutcome.ProtocolError(
                    status, "the answer has " + length + " bytes, at most " + MAX_BODY_BYTES + " are read");
        }
        return switch (body) {
            case ObjectNode fields -> {
                try {
                    yield new CallOutcome.Connected(ConnectAnswer.of(fields));
                } catch (ConnectAnswer.UnusableAnswerException e) {
                    yield new CallOutcome.ProtocolError(
                            status, "unusable answer: " + e.getMessage(), SessionId.in(fields));
                }
            }
            case null -> new CallOutcome.ProtocolError(status, "the answer is no JSON");
            default -> new CallOutcome.ProtocolError(status, "the answer is no JSON object");
        };
    }

    private @Nullable String traceId(@Nullable JsonNode body) {
        String id = body == null ? "" : body.path("request_trace_id").asText("");
        return TRACE_ID.matcher(id).matches()
                        && !isKeyIn(id)
                        && Secrets.mask(id).equals(id)
                ? id
                : null;
    }

    private boolean isKeyIn(String text) {
        String key = apiKey.get();
        return !key.isEmpty() && text.contains(key);
    }

    /** Null if it is none. */
    private static @Nullable JsonNode json(byte[] body) {
        try {
            JsonNode value = Json.MAPPER.readTree(new String(body, StandardCharsets.UTF_8));
            return value.isMissingNode() ? null : value;
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
