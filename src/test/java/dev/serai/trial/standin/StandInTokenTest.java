package dev.serai.trial.standin;

import static dev.serai.trial.standin.StandInClient.json;
import static dev.serai.trial.standin.StandInClient.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.livekit.server.WebhookReceiver;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * LiveKit's SDK for the JVM verifies tokens in one place, {@link WebhookReceiver}: signature, issuer and times first, then
 * a checksum of the webhook's body, which only LiveKit's own server adds. So a room token that passes fails there at the
 * checksum and nowhere before it.
 */
@Timeout(120)
class StandInTokenTest extends StandInFixture {

    private static final String ISSUER = "livekit-key";
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final String PASSED_VERIFICATION = "sha256 checksum of body does not match!";

    @Override
    protected StandInOptions options() {
        return StandInOptions.defaults()
                .withTokenIssuer(ISSUER)
                .withTokenSecret(SECRET)
                .withTokenTtl(Duration.ofMinutes(10));
    }

    @Test
    void token_passesLiveKitsVerification() throws IOException {
        String token = json(client.connect("ada")).getString("token");

        assertThatThrownBy(() -> new WebhookReceiver(ISSUER, SECRET).receive("", token))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(PASSED_VERIFICATION);
    }

    @Test
    void token_failsLiveKitsVerificationWithAnotherSecret() throws IOException {
        String token = json(client.connect("ada")).getString("token");

        assertThatThrownBy(() -> new WebhookReceiver(ISSUER, SECRET + "!").receive("", token))
                .hasMessageContaining("Signature");
    }

    @Test
    void token_failsLiveKitsVerificationWithAnotherIssuer() throws IOException {
        String token = json(client.connect("ada")).getString("token");

        assertThatThrownBy(() -> new WebhookReceiver("another", SECRET).receive("", token))
                .hasMessageContaining("iss");
    }

    @Test
    void token_grantsTheRoomOfTheAnswer() throws IOException {
        JsonObject answer = json(client.connect("ada"));

        JsonObject video = part(answer.getString("token"), 1).getJsonObject("video");

        assertThat(video)
                .isEqualTo(new JsonObject()
                        .put("room", answer.getString("room_name"))
                        .put("roomJoin", true)
                        .put("canPublish", true)
                        .put("canSubscribe", true)
                        .put("canPublishData", true));
    }

    @Test
    void token_hasTheHeaderAndTheClaimsOfTheContract() throws IOException {
        Instant before = Instant.now();

        String token =
                json(client.connect(start("ada").put("speaker_id", "s-1"))).getString("token");

        assertThat(part(token, 0).getString("alg")).isEqualTo("HS256");
        JsonObject claims = part(token, 1);
        assertThat(claims.fieldNames()).containsExactlyInAnyOrder("iss", "sub", "nbf", "exp", "video");
        assertThat(claims.getString("iss")).isEqualTo(ISSUER);
        assertThat(claims.getString("sub")).isEqualTo("s-1");
        assertThat(claims.getLong("nbf")).isCloseTo(before.getEpochSecond(), within(30L));
        assertThat(claims.getLong("exp") - claims.getLong("nbf")).isEqualTo(600);
    }

    @Test
    void tokensSubject_isTheEndUserBeforeTheSpeaker() throws IOException {
        JsonObject answer =
                json(client.connect(start("ada").put("speaker_id", "s-1").put("end_user_id", "u-1")));

        assertThat(part(answer.getString("token"), 1).getString("sub")).isEqualTo("u-1");
    }

    private static JsonObject part(String token, int index) {
        byte[] json = Base64.getUrlDecoder().decode(token.split("\\.", -1)[index]);
        return new JsonObject(new String(json, StandardCharsets.UTF_8));
    }
}
