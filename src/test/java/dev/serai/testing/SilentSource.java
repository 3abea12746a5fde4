package dev.serai.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;

/** A source that takes connections and answers none: who looks something up there waits. */
public final class SilentSource implements AutoCloseable {
    private final ServerSocket socket;

    private SilentSource(ServerSocket socket) {
        this.socket = socket;
    }

    public static SilentSource open() {
        try {
            // The system takes connections that nobody looks at.
            return new SilentSource(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String baseUrl() {
        return "http://127.0.0.1:" + socket.getLocalPort();
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
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
