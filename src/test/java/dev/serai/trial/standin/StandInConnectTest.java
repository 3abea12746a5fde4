package dev.serai.trial.standin;

import static dev.serai.trial.standin.StandInClient.detail;
import static dev.serai.trial.standin.StandInClient.json;
import static dev.serai.trial.standin.StandInClient.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class StandInConnectTest extends StandInFixture {

    /** As captured (contract, section 6). */
    private static final String WEB_CLIENT_BODY = """
            {"character_id":"11111111-2222-4333-8444-555555555555","transport":"livekit","connection_type":"audio",\
            "blendshape_provider":"none","blendshape_config":{"enable_chunking":true,"chunk_size":10,"format":"mha",\
            "frames_buffer_duration":0,"output_fps":90},"llm_provider":"dynamic","emotion_config":{"provider":"llm",\
            "min_word_threshold":3,"low_intensity_threshold":0.33,"high_intensity_threshold":0.66},\
            "default_tts_enabled":true}
            """;

    @Override
    protected StandInOptions options() {
        return StandInOptions.defaults().withUnknownCharacters(Set.of("nobody"));
    }

    @Test
    void connect_answersEveryFieldOfTheContract() throws IOException {
        HttpResponse<String> response = client.connect("ada");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        JsonObject answer = json(response);
        assertThat(answer.fieldNames())
                .containsExactlyInAnyOrder(
                        "session_id",
                        "character_session_id",
                        "room_url",
                        "room_name",
                        "token",
                        "speaker_id",
                        "request_trace_id");
        assertThat(answer.getString("session_id")).isNotBlank();
        assertThat(answer.getString("room_url")).startsWith("wss://");
        assertThat(answer.getString("room_name")).isNotBlank();
        assertThat(answer.getString("request_trace_id")).matches("req_[0-9a-f]{32}");
        assertThat(UUID.fromString(answer.getString("character_session_id"))).isNotNull();
    }

    @Test
    void speakerId_isNullIfNotSent() throws IOException {
        JsonObject answer = json(client.connect("ada"));

        assertThat(answer.getMap()).containsEntry("speaker_id", null);
    }

    @Test
    void userFields_areEchoed() throws IOException {
        JsonObject metadata = new JsonObject().put("plan", "gold").put("age", 7);

        JsonObject answer = json(client.connect(
                start("ada").put("speaker_id", "s-1").put("end_user_id", "u-1").put("end_user_metadata", metadata)));

        assertThat(answer.getString("speaker_id")).isEqualTo("s-1");
        assertThat(answer.getString("end_user_id")).isEqualTo("u-1");
        assertThat(answer.getJsonObject("end_user_metadata")).isEqualTo(metadata);
    }

    @Test
    void metadataWithoutAnEndUser_isDropped() throws IOException {
        JsonObject answer =
                json(client.connect(start("ada").put("end_user_metadata", new JsonObject().put("name", "Ann"))));

        assertThat(answer.fieldNames()).doesNotContain("end_user_metadata", "end_user_id");
    }

    @Test
    void everyFieldOfTheContract_isAccepted() throws IOException {
        HttpResponse<String> response = client.connectRaw("""
                {"character_id": "ada", "connection_type": "video", "character_session_id": null,
                 "dynamic_info": {"text": "It rains."},
                 "scene_description": [{"name": "desk", "description": "A desk."}], "speaker_id": "s-1"}
                """);

        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void webClientsRequest_withFieldsNobodyKnows_isAccepted() throws IOException {
        assertThat(client.connectRaw(WEB_CLIENT_BODY).statusCode()).isEqualTo(200);
    }

    @Test
    void twoCalls_openTwoSessionsInTwoRooms() throws IOException {
        JsonObject first = json(client.connect("ada"));
        JsonObject second = json(client.connect("ada"));

        for (String field : Set.of("session_id", "character_session_id", "room_name", "token", "request_trace_id")) {
            assertThat(second.getString(field)).as(field).isNotEqualTo(first.getString(field));
        }
    }

    @Test
    void wrongKey_is401() throws IOException {
        HttpResponse<String> response =
                client.send(client.connectRequest(start("ada").encode(), "wrong", "application/json"));

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.body()).isEqualTo("{\"detail\":\"Invalid API key\"}");
    }

    @Test
    void missingKey_is401() throws IOException {
        HttpResponse<String> response = client.post("/connect", start("ada").encode());

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(detail(response)).isEqualTo("Invalid API key");
    }

    @Test
    void wrongKeyAndBadBody_is401() throws IOException {
        HttpResponse<String> response = client.send(client.connectRequest("{", "wrong", "application/json"));

        assertThat(response.statusCode()).isEqualTo(401);
    }

    @Test
    void keyInAnotherSpellingOfTheHeader_isAccepted() throws IOException {
        HttpResponse<String> response = client.send(HttpRequest.newBuilder(client.uri("/connect"))
                .header("x-api-key", StandInClient.API_KEY)
                .header("content-type", "application/json; charset=utf-8")
                .POST(BodyPublishers.ofString(start("ada").encode()))
                .build());

        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void unknownCharacter_is404() throws IOException {
        HttpResponse<String> response = client.connect("nobody");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).isEqualTo("{\"detail\":\"Character not found or doesn't belong to user\"}");
    }

    @Test
    void anotherMethod_is405() throws IOException {
        assertThat(client.get("/connect").statusCode()).isEqualTo(405);
    }

    @Test
    void anotherPath_is404() throws IOException {
        HttpResponse<String> response = client.post("/interact", "{}");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(detail(response)).isEqualTo("Not Found");
    }

    @Test
    void connection_isKeptForTheNextCall() throws IOException {
        String last = "GET /_standin/health HTTP/1.1\r\nHost: standin\r\nConnection: close\r\n\r\n";

        try (Socket socket = client.raw(StandInClient.rawConnectRequest("ada")
                + StandInClient.rawConnectRequest("nobody")
                + StandInClient.rawConnectRequest("ada")
                + last)) {
            assertThat(StandInClient.readToEnd(socket))
                    .containsSubsequence("HTTP/1.1 200", "HTTP/1.1 404", "HTTP/1.1 200", "HTTP/1.1 200", "UP");
        }
    }
}
