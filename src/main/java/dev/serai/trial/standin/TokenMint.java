package dev.serai.trial.standin;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.time.Duration;
import java.time.Instant;

/** Makes LiveKit access tokens: HS256 JWTs with the claims of contract section 5. Thread-safe. */
final class TokenMint {

    private final JWTAuth signer;
    private final String issuer;
    private final Duration ttl;

    TokenMint(Vertx vertx, String issuer, String secret, Duration ttl) {
        this.signer = JWTAuth.create(
                vertx,
                new JWTAuthOptions()
                        .addPubSecKey(
                                new PubSecKeyOptions().setAlgorithm("HS256").setBuffer(secret)));
        this.issuer = issuer;
        this.ttl = ttl;
    }

    /** A token that lets {@code subject} join {@code room} from {@code now} on. */
    String mint(String room, String subject, Instant now) {
        JsonObject claims = new JsonObject()
                .put("iss", issuer)
                .put("sub", subject)
                .put("nbf", now.getEpochSecond())
                .put("exp", now.getEpochSecond() + ttl.toSeconds())
                .put(
                        "video",
                        new JsonObject()
                                .put("room", room)
                                .put("roomJoin", true)
                                .put("canPublish", true)
                                .put("canSubscribe", true)
                                .put("canPublishData", true));
        return signer.generateToken(
                claims, new JWTOptions().setAlgorithm("HS256").setNoTimestamp(true));
    }
}
