package dev.serai.conversation;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.testing.ConnectionServer;
import dev.serai.testing.ConnectionServer.Connection;
import dev.serai.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** A provider that opens a room for whoever asks without a session, and notes whose sessions are ended. Thread-safe. */
final class RoomProvider implements AutoCloseable {
    private final ConnectionServer server = new ConnectionServer(this::serve);
    private final Map<String, List<String>> sessions = new ConcurrentHashMap<>();
    private final Map<String, UnaryOperator<ObjectNode>> changes = new ConcurrentHashMap<>();
    private final Map<String, Duration> delays = new ConcurrentHashMap<>();
    private final Set<String> ended = ConcurrentHashMap.newKeySet();

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    /** What a room for this character is like. */
    void change(String characterId, UnaryOperator<ObjectNode> change) {
        changes.put(characterId, change);
    }

    void delay(String characterId, Duration delay) {
        delays.put(characterId, delay);
    }

    /** Those that were opened for this character, in order. */
    List<String> sessions(String characterId) {
        return List.copyOf(sessions.getOrDefault(characterId, List.of()));
    }

    List<String> allSessions() {
        List<String> all = new ArrayList<>();
        sessions.values().forEach(all::addAll);
        return all;
    }

    /** Waits until so many were opened for this character. */
    List<String> awaitSessions(String characterId, int count) {
        await("sessions for " + characterId)
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> sessions(characterId).size() >= count);
        return sessions(characterId);
    }

    boolean isEnded(String session) {
        return ended.contains(session);
    }

    /** Waits until all that were opened for this character are ended. */
    void awaitEnded(String characterId) {
        await("the end of the sessions for " + characterId)
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> ended.containsAll(sessions(characterId)));
    }

    private void serve(Connection connection) throws IOException, InterruptedException {
        if (!connection.readRequest()) {
            return;
        }
        String request = connection.request();
        if (request.startsWith("POST /disconnect?session_id=")) {
            ended.add(request.substring(request.indexOf('=') + 1, request.indexOf(" HTTP/1.1")));
            answer(connection, "200 OK", "{\"status\":\"success\"}");
            return;
        }
        JsonNode asked = Json.MAPPER.readTree(connection.body());
        String character = asked.path("character_id").asText();
        if (asked.has("character_session_id")) {
            answer(connection, "403 Forbidden", "{\"detail\":\"Access denied\"}");
            return;
        }
        ObjectNode room = Json.MAPPER
                .createObjectNode()
                .put("session_id", UUID.randomUUID().toString())
                .put("character_session_id", "cs-" + character)
                .put("room_url", "wss://rooms.example")
                .put("room_name", "room of " + character)
                .put("token", "");
        room = changes.getOrDefault(character, UnaryOperator.identity()).apply(room);
        sessions.computeIfAbsent(character, any -> new CopyOnWriteArrayList<>())
                .addAll(room.findValuesAsText("session_id"));
        Thread.sleep(delays.getOrDefault(character, Duration.ZERO));
        answer(connection, "200 OK", room.toString());
    }

    private static void answer(Connection connection, String status, String body) throws IOException {
        connection.write(
                "HTTP/1.1 " + status + "\nContent-Type: application/json\nContent-Length: " + body.length() + "\n\n");
        connection.write(body);
    }

    @Override
    public void close() {
        server.close();
    }
}
