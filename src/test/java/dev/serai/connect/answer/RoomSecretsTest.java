package dev.serai.connect.answer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.Json;
import dev.serai.wire.KnownSecrets;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RoomSecretsTest {
    @Test
    void tokensAndSessionsOfARoomAndOfItsCharacters_areKnown() {
        ObjectNode room = Json.MAPPER.createObjectNode();
        ObjectNode character = room.putArray("characters").addObject();
        String ofCharacter = secret();
        String session = secret();
        String own = secret();
        String inAddress = secret();
        character.put("token", ofCharacter).put("session_id", session);
        room.put("token", own).put("room_url", "wss://rooms.example.com/join?access_token=" + inAddress);

        RoomSecrets.know(room);

        assertThat(new String[] {ofCharacter, session, own, inAddress}).allMatch(RoomSecretsTest::isKnown);
        assertThat(isKnown(secret())).isFalse();
    }

    /** Whoever fills an answer with tokens must make nothing else forgotten, and not hide the room's own behind them. */
    @Test
    void ofMoreTokensThanARoomHas_theFirstAreKnown_andTheRoomsOwn() {
        ObjectNode room = Json.MAPPER.createObjectNode();
        ArrayNode characters = room.putArray("characters");
        String repeated = secret();
        String last = "";
        String tooMany = "";
        for (int i = 0; i < 200; i++) {
            characters.addObject().put("token", repeated);
        }
        for (int i = 0; i < 49; i++) {
            last = secret();
            characters.addObject().put("token", last);
        }
        for (int i = 0; i < 10; i++) {
            tooMany = secret();
            characters.addObject().put("token", tooMany);
        }
        String own = secret();
        room.put("token", own);

        RoomSecrets.know(room);

        assertThat(new String[] {own, repeated, last}).allMatch(RoomSecretsTest::isKnown);
        assertThat(isKnown(tooMany)).isFalse();
    }

    private static String secret() {
        return "S" + UUID.randomUUID();
    }

    private static boolean isKnown(String secret) {
        return KnownSecrets.OF_PROCESS.masked(secret, "***").equals("***");
    }
}
