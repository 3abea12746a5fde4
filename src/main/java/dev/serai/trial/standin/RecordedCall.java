package dev.serai.trial.standin;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One call as the stand-in saw it. A call is recorded when its request has been read, and again when it ends, just before
 * its answer is written: a caller that has an answer finds it here.
 *
 * <p>{@link #toString()} leaves out the query, the header values and both bodies, so that a failed assertion shows no
 * credentials.
 *
 * @param number counts the calls from 1, in the order in which their requests had been read
 * @param receivedAt when the request had been read
 * @param endedAt when it was answered, reset or given up by its caller; null while it is in progress
 * @param method as sent
 * @param path as sent, with its query
 * @param headers names in the spelling that was sent, found in any spelling; the values of {@code X-API-Key},
 *     {@code API-AUTH-TOKEN}, {@code CONVAI-API-KEY}, {@code Authorization} and {@code Cookie} are {@code ***}
 * @param body as sent, read as UTF-8
 * @param characterId the request's {@code character_id}, if it has one that is text
 * @param fault what was played, null for none
 * @param sessionMade true if this call opened a session, whether or not its caller could learn of it
 * @param status what was answered; null while in progress, and for calls without an answer
 * @param answer the answer's body, as {@code status}
 */
public record RecordedCall(
        long number,
        Instant receivedAt,
        @Nullable Instant endedAt,
        String method,
        String path,
        Map<String, List<String>> headers,
        String body,
        @Nullable String characterId,
        @Nullable Fault fault,
        boolean sessionMade,
        @Nullable Integer status,
        @Nullable String answer) {

    /** The first value of a header, its name in any spelling. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name)).map(List::getFirst);
    }

    RecordedCall ended(Instant now, @Nullable Integer answeredStatus, @Nullable String answeredBody) {
        return new RecordedCall(
                number,
                receivedAt,
                now,
                method,
                path,
                headers,
                body,
                characterId,
                fault,
                sessionMade,
                answeredStatus,
                answeredBody);
    }

    RecordedCall withFault(Fault played) {
        return new RecordedCall(
                number,
                receivedAt,
                endedAt,
                method,
                path,
                headers,
                body,
                characterId,
                played,
                sessionMade,
                status,
                answer);
    }

    RecordedCall withSession() {
        return new RecordedCall(
                number, receivedAt, endedAt, method, path, headers, body, characterId, fault, true, status, answer);
    }

    private String pathWithoutQuery() {
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }

    @Override
    public String toString() {
        return "RecordedCall[" + number + " " + method + " " + pathWithoutQuery() + ", receivedAt=" + receivedAt
                + ", endedAt="
                + endedAt + ", characterId=" + characterId + ", fault=" + fault + ", sessionMade=" + sessionMade
                + ", status=" + status + "]";
    }
}
