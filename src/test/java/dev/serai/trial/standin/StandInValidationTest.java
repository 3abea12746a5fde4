package dev.serai.trial.standin;

import static dev.serai.trial.standin.StandInClient.json;
import static dev.serai.trial.standin.StandInClient.problem;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class StandInValidationTest extends StandInFixture {

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"character_id\":", "nonsense", "{} {}"})
    void badJson_is422(String body) throws IOException {
        HttpResponse<String> response = client.connectRaw(body);

        assertThat(response.statusCode()).isEqualTo(422);
        JsonObject problem = problem(response);
        assertThat(problem.getString("type")).isEqualTo("json_invalid");
        assertThat(problem.getJsonArray("loc")).isEqualTo(new JsonArray().add("body"));
        assertThat(problem.getString("msg")).isEqualTo("JSON decode error");
        assertThat(problem.containsKey("input")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"ada\"", "7", "null"})
    void jsonThatIsNoObject_is422(String body) throws IOException {
        HttpResponse<String> response = client.connectRaw(body);

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(problem(response).getString("type")).isEqualTo("model_attributes_type");
    }

    @Test
    void missingCharacterId_is422WithTheBodyAsInput() throws IOException {
        HttpResponse<String> response = client.connectRaw("{\"speaker_id\":\"s-1\"}");

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(response.body())
                .isEqualTo("{\"detail\":[{\"type\":\"missing\",\"loc\":[\"body\",\"character_id\"],"
                        + "\"msg\":\"Field required\",\"input\":{\"speaker_id\":\"s-1\"}}]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'character_id':''}                                    | string_too_short | body/character_id",
                "{'character_id':'  '}                                  | string_too_short | body/character_id",
                "{'character_id':5}                                     | string_type   | body/character_id",
                "{'character_id':null}                                  | string_type   | body/character_id",
                "{'character_id':'a','connection_type':'fax'}           | literal_error | body/connection_type",
                "{'character_id':'a','connection_type':1}               | string_type   | body/connection_type",
                "{'character_id':'a','character_session_id':[]}         | string_type   | body/character_session_id",
                "{'character_id':'a','speaker_id':true}                 | string_type   | body/speaker_id",
                "{'character_id':'a','end_user_id':7}                   | string_type   | body/end_user_id",
                "{'character_id':'a','end_user_metadata':'x'}           | dict_type     | body/end_user_metadata",
                "{'character_id':'a','end_user_metadata':{'name':7}}    | string_type   | body/end_user_metadata/name",
                "{'character_id':'a','transport':'sse'}                 | literal_error | body/transport",
                "{'character_id':'a','room_name':1}                     | string_type   | body/room_name",
                "{'characters':{}}                                      | list_type     | body/characters",
                "{'characters':[]}                                      | too_short     | body/characters",
                "{'characters':['a']}                                   | dict_type     | body/characters/0",
                "{'characters':[{'character_id':'a'},{}]}               | missing       |"
                        + " body/characters/1/character_id",
                "{'characters':[{'character_id':'a','character_session_id':1}]} | string_type |"
                        + " body/characters/0/character_session_id",
                "{'character_id':'a','dynamic_info':'x'}                | dict_type     | body/dynamic_info",
                "{'character_id':'a','dynamic_info':{}}                 | missing       | body/dynamic_info/text",
                "{'character_id':'a','dynamic_info':{'text':1}}         | string_type   | body/dynamic_info/text",
                "{'character_id':'a','dynamic_info':{'text':'','keep_in_context':1}} | bool_type |"
                        + " body/dynamic_info/keep_in_context",
                "{'character_id':'a','scene_description':{}}            | list_type     | body/scene_description",
                "{'character_id':'a','scene_description':['x']}         | dict_type     | body/scene_description/0",
                "{'character_id':'a','scene_description':[{'name':'x'}]} | missing |"
                        + " body/scene_description/0/description",
                "{'character_id':'a','scene_description':[{'name':1,'description':''}]} | string_type |"
                        + " body/scene_description/0/name",
            },
            quoteCharacter = '~')
    void wrongField_is422WithTypeAndPlace(String body, String type, String place) throws IOException {
        HttpResponse<String> response = client.connectRaw(body.replace('\'', '"'));

        assertThat(response.statusCode()).isEqualTo(422);
        JsonObject problem = problem(response);
        assertThat(problem.getString("type")).isEqualTo(type);
        assertThat(problem.getJsonArray("loc").stream().map(Object::toString)).containsExactly(place.split("/", -1));
        assertThat(problem.getString("msg")).isNotBlank();
        assertThat(problem.containsKey("input")).isTrue();
    }

    @Test
    void unknownConnectionType_namesTheKnownOnes() throws IOException {
        JsonObject problem = problem(client.connectRaw("{\"character_id\":\"a\",\"connection_type\":\"fax\"}"));

        assertThat(problem.getString("msg")).isEqualTo("Input should be 'audio' or 'video'");
        assertThat(problem.getString("input")).isEqualTo("fax");
        assertThat(problem.getJsonObject("ctx").getString("expected")).isEqualTo("'audio' or 'video'");
    }

    @Test
    void severalWrongFields_areAllReported() throws IOException {
        JsonObject answer = json(client.connectRaw("{\"connection_type\":1,\"speaker_id\":2}"));

        assertThat(answer.getJsonArray("detail")).hasSize(3);
    }

    @Test
    void staticTextWithoutText_isAccepted() throws IOException {
        HttpResponse<String> response = client.connectRaw(
                "{\"character_id\":\"a\",\"dynamic_info\":{\"static_text\":\"x\",\"keep_in_context\":true}}");

        assertThat(response.statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"name\":null}", "{\"name\":\"Ann\"}", "{}"})
    void metadataWithANameThatIsTextOrNull_isAccepted(String metadata) throws IOException {
        String body = "{\"character_id\":\"a\",\"end_user_id\":\"u\",\"end_user_metadata\":" + metadata + "}";

        assertThat(json(client.connectRaw(body)).getJsonObject("end_user_metadata"))
                .isEqualTo(new JsonObject(metadata));
    }

    @Test
    void moreThanFiftyCharacters_are422() throws IOException {
        JsonArray characters = new JsonArray();
        for (int i = 0; i < 50; i++) {
            characters.add(StandInClient.start("c" + i));
        }
        assertThat(client.connect(new JsonObject().put("characters", characters))
                        .statusCode())
                .isEqualTo(200);

        characters.add(StandInClient.start("c50"));
        JsonObject problem = problem(client.connect(new JsonObject().put("characters", characters)));

        assertThat(problem.getString("type")).isEqualTo("too_long");
        assertThat(problem.getString("msg")).isEqualTo("List should have at most 50 items");
    }

    @Test
    void anotherContentType_is422() throws IOException {
        HttpResponse<String> response =
                client.send(client.connectRequest("{\"character_id\":\"a\"}", StandInClient.API_KEY, "text/plain"));

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(problem(response).getJsonArray("loc"))
                .isEqualTo(new JsonArray().add("header").add("content-type"));
    }

    @Test
    void textBeyondAscii_isReadAndEchoed() throws IOException {
        JsonObject answer = json(client.connect(
                StandInClient.start("Zoë").put("speaker_id", "日本").put("end_user_id", "🐪")));

        assertThat(answer.getString("speaker_id")).isEqualTo("日本");
        assertThat(answer.getString("end_user_id")).isEqualTo("🐪");
        assertThat(standIn.calls().getFirst().characterId()).isEqualTo("Zoë");
    }
}
