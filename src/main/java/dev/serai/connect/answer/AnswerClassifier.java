package dev.serai.connect.answer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import dev.serai.wire.Json;
import dev.serai.wire.Secrets;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the provider's answers: section 5 of the contract, row by row. A pure function of status, {@code Retry-After}
 * and body, but for the key that it masks. Thread-safe.
 */
public final class AnswerClassifier {
    /** More than any answer of the contract; what is longer is not read as one. */
    public static final int MAX_BODY_BYTES = 1 << 20;

    private static final List<String> DETAIL_FIELDS = List.of("detail", "message", "error");

    private final RetryAfter retryAfter;
    private final Supplier<String> apiKey;

    /**
     * @param apiKey the key that calls are made with, which an answer may quote and a detail must not
     */
    public AnswerClassifier(RetryAfter retryAfter, Supplier<String> apiKey) {
        this.retryAfter = retryAfter;
        this.apiKey = apiKey;
    }

    /** What the answer to a request means that named no session. */
    public CallOutcome classify(int status, @Nullable String retryAfterHeader, byte[] body) {
        return classify(status, retryAfterHeader, body, false);
    }

    /**
     * What the answer means.
     *
     * @param sessionSent whether the request named a session to go on with
     */
    public CallOutcome classify(int status, @Nullable String retryAfterHeader, byte[] body, boolean sessionSent) {
        if (status >= 200 && status < 300) {
            return success(status, body);
        }
        JsonNode detail = detail(status, body);
        String text = Json.text(detail).toLowerCase(Locale.ROOT);
        Duration pause = retryAfter.parse(retryAfterHeader);
        return switch (status) {
            case 400 ->
                text.contains("character_session_id")
                        ? new CallOutcome.SessionGone(status, detail)
                        : rejected(ErrorCategory.INVALID_REQUEST, status, detail);
            case 401 -> refused(ErrorCategory.UNAUTHORIZED, status, detail);
            case 403 -> forbidden(status, detail, text, sessionSent);
            case 404 ->
                text.contains("session")
                        ? new CallOutcome.SessionGone(status, detail)
                        : rejected(ErrorCategory.CHARACTER_NOT_FOUND, status, detail);
            // 408 and 425: the request was not acted on, and may be repeated (RFC 9110, 15.5.9; RFC 8470, 5.2).
            case 408, 409, 425 -> new CallOutcome.Unavailable(status, detail, pause);
            case 429 ->
                text.contains("speaker")
                        ? rejected(ErrorCategory.SPEAKER_LIMIT, status, detail)
                        : new CallOutcome.Busy(status, detail, pause);
            default -> {
                if (status >= 500) {
                    yield new CallOutcome.Unavailable(status, detail, pause);
                }
                // Below 400 only a redirect is left, which a POST does not follow: the base URL is wrong.
                yield rejected(
                        status >= 400 ? ErrorCategory.INVALID_REQUEST : ErrorCategory.PROTOCOL_ERROR, status, detail);
            }
        };
    }

    /** A session of another account is the request's own: one event must not close the gate for all. */
    private static CallOutcome forbidden(int status, JsonNode detail, String text, boolean sessionSent) {
        if (text.contains("multi_character")) {
            return rejected(ErrorCategory.FORBIDDEN, status, detail);
        }
        return sessionSent && text.contains("session") && !text.contains("realtime")
                ? new CallOutcome.SessionGone(status, detail)
                : refused(ErrorCategory.FORBIDDEN, status, detail);
    }

    private static CallOutcome success(int status, byte[] body) {
        if (body.length > MAX_BODY_BYTES) {
            return new CallOutcome.ProtocolError(
                    status, "the answer has " + body.length + " bytes, at most " + MAX_BODY_BYTES + " are read");
        }
        return switch (json(body).orElse(null)) {
            case ObjectNode fields -> {
                try {
                    yield new CallOutcome.Connected(ConnectAnswer.of(fields));
                } catch (ConnectAnswer.UnusableAnswerException e) {
                    yield new CallOutcome.ProtocolError(status, "unusable answer: " + e.getMessage(), SessionId.in(fields));
                }
            }
            case null -> new CallOutcome.ProtocolError(status, "the answer is no JSON");
            default -> new CallOutcome.ProtocolError(status, "the answer is no JSON object");
        };
    }

    private static CallOutcome rejected(ErrorCategory category, int status, JsonNode detail) {
        return new CallOutcome.Rejected(new Failure(category, status, detail));
    }

    private static CallOutcome refused(ErrorCategory category, int status, JsonNode detail) {
        return new CallOutcome.CredentialsRefused(new Failure(category, status, detail));
    }

    /** The answer's own words, masked and bounded; a 422's array as it is; the status alone where there are none. */
    private JsonNode detail(int status, byte[] body) {
        JsonNode answer = body.length > MAX_BODY_BYTES ? null : json(body).orElse(null);
        return DETAIL_FIELDS.stream()
                .map(field -> answer == null ? null : answer.get(field))
                .filter(value -> value != null && !value.isNull())
                .findFirst()
                .map(value -> Secrets.mask(value, apiKey.get()))
                .map(value -> value.isTextual() || value.isArray() ? value : TextNode.valueOf(value.toString()))
                .orElseGet(() -> TextNode.valueOf("the provider answered " + status + " without a detail"));
    }

    private static Optional<JsonNode> json(byte[] body) {
        try {
            JsonNode value = Json.MAPPER.readTree(new String(body, StandardCharsets.UTF_8));
            return value.isMissingNode() ? Optional.empty() : Optional.of(value);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
