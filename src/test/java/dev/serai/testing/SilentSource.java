package dev.serai.testing;

import java.io.OutputStream;
import java.util.Map;

/** A source that takes connections and answers none: who looks something up there waits. */
public final class SilentSource implements AutoCloseable {
    private final ConnectionServer server = new ConnectionServer(
            connection -> connection.socket().getInputStream().transferTo(OutputStream.nullOutputStream()));

    public String baseUrl() {
        return "http://127.0.0.1:" + server.port();
    }

    /** Scenes are looked up here, for up to a minute, and no event does without; dynamic information has no source. */
    public Map<String, String> settings() {
        return Map.of(
                "serai.sources.silent.type", "http",
                "serai.sources.silent.base-url", baseUrl(),
                "serai.sources.silent.timeout", "60s",
                "serai.sources.silent.policy", "required",
                "serai.enrich.scene-source", "silent",
                "serai.enrich.dynamic-info-source", "none");
    }

    @Override
    public void close() {
        server.close();
    }
}
