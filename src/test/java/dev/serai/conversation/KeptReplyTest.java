package dev.serai.conversation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.session.OpenSession;
import dev.serai.wire.Json;
import dev.serai.wire.KnownSecrets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class KeptReplyTest {
    private static final Instant OPENED = Instant.parse("2026-01-31T10:00:00Z");
    private static final Duration IDLE = Duration.ofMinutes(5);

    private static @Nullable KeptReply kept(@Nullable String reply) {
        return KeptReply.of(
                new OpenSession(
                        "e1",
                        "guide",
                        "default",
                        List.of("s1"),
                        OPENED,
                        null,
                        reply == null ? null : reply.getBytes(UTF_8)),
                IDLE);
    }

    private static KeptReply there(String reply) {
        return Objects.requireNonNull(kept(reply));
    }

    @Test
    void reply_comesBackAsItWas_digitByDigit() {
        String reply = "{\"price\":12500000.00,\"big\":1234567890123456789012345678901234567890,\"far\":1e400,"
                + "\"speaker_id\":null,\"characters\":[{\"session_id\":\"s2\"}],\"session_id\":\"s1\"}";

        assertThat(new String(Json.bytes(there(reply).handOut(true)), UTF_8)).isEqualTo(reply);
        assertThat(new String(Json.bytes(there(reply).handOut(false)), UTF_8))
                .isEqualTo(reply.replace("\"session_id\":\"s2\"", "").replace(",\"session_id\":\"s1\"", ""));
    }

    @Test
    void reply_isValidAsLongAsItsToken_orAsItsSessionCounts_whereThatDoesNotSay() {
        assertThat(there("{\"expires_at\":\"2026-01-31T11:00:00Z\"}").validUntil())
                .isEqualTo("2026-01-31T11:00:00Z");
        assertThat(there("{\"expires_at\":null}").validUntil()).isEqualTo(OPENED.plus(IDLE));
        assertThat(there("{}").validUntil()).isEqualTo(OPENED.plus(IDLE));
        assertThat(kept(null)).isNull();
    }

    /** A route can make of a reply what it likes. */
    @Test
    void replyThatIsNoJsonOfOurs_isNotGivenAgain() {
        assertThat(kept("<xml/>")).isNull();
        assertThat(kept("")).isNull();
        assertThat(kept("[1]")).isNull();
        assertThat(kept("{\"expires_at\":\"tomorrow\"}")).isNull();
    }

    /** Another process may have handed them out first. */
    @Test
    void secretsOfAReplyThatIsHandedOut_areKnown() {
        String token = UUID.randomUUID().toString();
        String inUrl = UUID.randomUUID().toString();
        KeptReply reply = there("{\"token\":\"" + token + "\",\"room_url\":\"wss://h/chat?session_id=" + inUrl + "\"}");
        assertThat(KnownSecrets.OF_PROCESS.masked("a " + token, "***")).contains(token);

        reply.handOut(false);

        assertThat(KnownSecrets.OF_PROCESS.masked("a " + token + " b " + inUrl, "***"))
                .isEqualTo("a *** b ***");
        assertThat(reply.toString()).doesNotContain(token, inUrl);
    }
}
