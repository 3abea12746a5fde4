package dev.serai.trial.standin;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link StandIn} is started. {@link #toString()} shows neither the API key nor the token secret.
 *
 * @param host the address to listen on
 * @param port 0 to 65535; 0 takes a free one
 * @param apiKey the {@code X-API-Key} of the first account
 * @param otherApiKeys those of further accounts, each with conversations, shared keys and slots of its own
 * @param tokenIssuer {@code iss} of the room tokens, what LiveKit calls an API key
 * @param tokenSecret signs the room tokens; at least 32 bytes in UTF-8, as HS256 asks for (RFC 7518, section 3.2)
 * @param tokenTtl from a token's {@code nbf} to its {@code exp}; at least 1 s, whole seconds count
 * @param roomUrl where clients join, with ws, wss, http or https; nothing listens there by default
 * @param dataDirectory holds {@code scenes/REF.json} and {@code customers/REF.json}; null for no sample data
 * @param unknownCharacters every {@code character_id} is known except these
 * @param characters what {@code /character/list} names; others are known as well
 * @param sessionRules what holds where the provider's documentation leaves it open
 */
public record StandInOptions(
        String host,
        int port,
        String apiKey,
        List<String> otherApiKeys,
        String tokenIssuer,
        String tokenSecret,
        Duration tokenTtl,
        URI roomUrl,
        @Nullable Path dataDirectory,
        Set<String> unknownCharacters,
        List<ListedCharacter> characters,
        SessionRules sessionRules) {

    private static final int SECRET_BYTES = 32;
    private static final Set<String> ROOM_SCHEMES = Set.of("ws", "wss", "http", "https");

    public StandInOptions {
        requireText("host", host);
        requireText("apiKey", apiKey);
        otherApiKeys.forEach(key -> requireText("otherApiKeys", key));
        if (Stream.concat(Stream.of(apiKey), otherApiKeys.stream()).distinct().count() <= otherApiKeys.size()) {
            throw new IllegalArgumentException("apiKey and otherApiKeys must differ from each other");
        }
        requireText("tokenIssuer", tokenIssuer);
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port must be from 0 to 65535, was " + port);
        }
        int secretBytes = tokenSecret.getBytes(StandardCharsets.UTF_8).length;
        if (secretBytes < SECRET_BYTES) {
            throw new IllegalArgumentException(
                    "tokenSecret must be at least " + SECRET_BYTES + " bytes, was " + secretBytes);
        }
        if (tokenTtl.toSeconds() < 1) {
            throw new IllegalArgumentException("tokenTtl must be at least 1 s, was " + tokenTtl);
        }
        if (!ROOM_SCHEMES.contains(String.valueOf(roomUrl.getScheme())) || roomUrl.getHost() == null) {
            throw new IllegalArgumentException("roomUrl must be a URL such as ws://127.0.0.1:7880, was " + roomUrl);
        }
        otherApiKeys = List.copyOf(otherApiKeys);
        unknownCharacters = Set.copyOf(unknownCharacters);
        characters = List.copyOf(characters);
    }

    /** Loopback, any free port, tokens for an hour, no sample data, every character known; keys that are no secret. */
    public static StandInOptions defaults() {
        return new StandInOptions(
                "127.0.0.1",
                0,
                "standin-api-key",
                List.of(),
                "standin",
                "standin-token-secret-which-is-not-secret",
                Duration.ofHours(1),
                URI.create("wss://rooms.standin.invalid"),
                null,
                Set.of(),
                List.of(),
                SessionRules.defaults());
    }

    public StandInOptions withHost(String value) {
        return with(draft -> draft.host = value);
    }

    public StandInOptions withPort(int value) {
        return with(draft -> draft.port = value);
    }

    public StandInOptions withApiKey(String value) {
        return with(draft -> draft.apiKey = value);
    }

    public StandInOptions withOtherApiKeys(List<String> value) {
        return with(draft -> draft.otherApiKeys = value);
    }

    public StandInOptions withTokenIssuer(String value) {
        return with(draft -> draft.tokenIssuer = value);
    }

    public StandInOptions withTokenSecret(String value) {
        return with(draft -> draft.tokenSecret = value);
    }

    public StandInOptions withTokenTtl(Duration value) {
        return with(draft -> draft.tokenTtl = value);
    }

    public StandInOptions withRoomUrl(URI value) {
        return with(draft -> draft.roomUrl = value);
    }

    public StandInOptions withDataDirectory(@Nullable Path value) {
        return with(draft -> draft.dataDirectory = value);
    }

    public StandInOptions withUnknownCharacters(Set<String> value) {
        return with(draft -> draft.unknownCharacters = value);
    }

    public StandInOptions withCharacters(List<ListedCharacter> value) {
        return with(draft -> draft.characters = value);
    }

    public StandInOptions withSessionRules(SessionRules value) {
        return with(draft -> draft.sessionRules = value);
    }

    private StandInOptions with(Consumer<StandInDraft> change) {
        StandInDraft draft = new StandInDraft(this);
        change.accept(draft);
        return draft.options();
    }

    @Override
    public String toString() {
        return "StandInOptions[host=" + host + ", port=" + port + ", apiKey=***, otherApiKeys=" + otherApiKeys.size()
                + ", tokenIssuer=" + tokenIssuer
                + ", tokenSecret=***, tokenTtl=" + tokenTtl + ", dataDirectory=" + dataDirectory
                + ", unknownCharacters=" + unknownCharacters + ", sessionRules=" + sessionRules + "]";
    }

    private static void requireText(String name, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(name + " must not be blank");
        }
    }
}
