package dev.serai.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Open sessions and keys to seal them with, for tests. */
public final class SampleSessions {
    public static final String KEY_A = key('a');
    public static final String KEY_B = key('b');

    private SampleSessions() {}

    /** A file with {@link #KEY_A}, for {@code serai.sessions.key-file}. */
    public static Path keyFile() throws IOException {
        return Files.writeString(Files.createTempFile(Path.of("target"), "sessions", ".keys"), KEY_A + "\n");
    }

    private static String key(char letter) {
        return Base64.getEncoder()
                .encodeToString(String.valueOf(letter).repeat(32).getBytes(UTF_8));
    }

    /** A session of the default tenant, whose id and reply are made of its event's id. */
    public static OpenSession open(String eventId, Instant openedAt, @Nullable Instant closeAt) {
        return new OpenSession(
                eventId,
                "guide",
                "default",
                List.of("live-session-of-" + eventId),
                openedAt,
                closeAt,
                ("{\"token\":\"token-of-" + eventId + "\"}").getBytes(UTF_8));
    }

    public static OpenSessionsListener onLost(BiConsumer<OpenSessionsListener.Lost, Integer> lost) {
        return new OpenSessionsListener() {
            @Override
            public void fewer(String tenant) {
                // not asked for
            }

            @Override
            public void lost(Lost why, int sessions) {
                lost.accept(why, sessions);
            }
        };
    }
}
