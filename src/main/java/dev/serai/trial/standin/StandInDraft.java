package dev.serai.trial.standin;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Options that are being changed, each by its name. For one thread. */
final class StandInDraft {
    String host;
    int port;
    String apiKey;
    List<String> otherApiKeys;
    String tokenIssuer;
    String tokenSecret;
    Duration tokenTtl;
    URI roomUrl;

    @Nullable
    Path dataDirectory;

    Set<String> unknownCharacters;
    List<ListedCharacter> characters;
    SessionRules sessionRules;

    StandInDraft(StandInOptions from) {
        host = from.host();
        port = from.port();
        apiKey = from.apiKey();
        otherApiKeys = from.otherApiKeys();
        tokenIssuer = from.tokenIssuer();
        tokenSecret = from.tokenSecret();
        tokenTtl = from.tokenTtl();
        roomUrl = from.roomUrl();
        dataDirectory = from.dataDirectory();
        unknownCharacters = from.unknownCharacters();
        characters = from.characters();
        sessionRules = from.sessionRules();
    }

    /** @throws IllegalArgumentException if one cannot be used */
    StandInOptions options() {
        return new StandInOptions(
                host,
                port,
                apiKey,
                otherApiKeys,
                tokenIssuer,
                tokenSecret,
                tokenTtl,
                roomUrl,
                dataDirectory,
                unknownCharacters,
                characters,
                sessionRules);
    }
}
