package dev.serai.connect.answer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.SampleRecords;
import dev.serai.wire.Secrets;
import dev.serai.wire.WireSchemas;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class ConnectAnswerTest {

    private static ConnectAnswer withToken(String token) throws ConnectAnswer.UnusableAnswerException {
        return ConnectAnswer.of(SampleRecords.answer().put("token", token));
    }

    private static String jwt(String singleQuotedClaims) {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return "eyJhbGciOiJIUzI1NiJ9."
                + base64.encodeToString(singleQuotedClaims.replace('\'', '"').getBytes(StandardCharsets.UTF_8))
                + ".c2lnbmF0dXJl";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'exp':1769853600}                       | 2026-01-31T10:00:00Z
            {'nbf':1,'exp':1769853600,'sub':'Zoë'}   | 2026-01-31T10:00:00Z
            {'exp':1769853600.9}                     | 2026-01-31T10:00:00Z
            {'exp':0}                                | 1970-01-01T00:00:00Z
            {'exp':253402300799}                     | 9999-12-31T23:59:59Z
            """)
    void expiry_isTheTokensExp(String claims, Instant expiry) throws Exception {
        assertThat(withToken(jwt(claims)).tokenExpiry()).isEqualTo(expiry);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'exp':null}",
                "{'exp':'1769853600'}",
                "{'exp':[1]}",
                "{'exp':1e300}",
                "{'exp':1769853600000000000000}",
                "{'exp':9223372036854775807}",
                "{'exp':1,'exp':2}",
                "[]",
                "7",
                "",
                "no JSON"
            })
    void tokenWithoutReadableExp_hasNoExpiry(String claims) throws Exception {
        assertThat(withToken(jwt(claims)).tokenExpiry()).isNull();
    }

    /** Neither has a form in RFC 3339, which replies promise; milliseconds in place of seconds come out like this. */
    @ParameterizedTest
    @ValueSource(longs = {253_402_300_800L, 1_769_853_600_000L, -62_167_219_201L})
    void expiryOutsideOfFourDigitYears_isNone(long seconds) throws Exception {
        assertThat(withToken(jwt("{'exp':" + seconds + "}")).tokenExpiry()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "opaque",
                "a.b",
                "a.b.c.d",
                "..",
                "eyJhbGciOiJIUzI1NiJ9.!!!.c2ln",
                "eyJhbGciOiJIUzI1NiJ9.e30=.c2ln=",
                "eyJhbGciOiJIUzI1NiJ9.YQ.c2ln",
                "eyJhbGciOiJIUzI1NiJ9._____w.c2ln",
                "eyJhbGciOiJIUzI1NiJ9.AAAA.c2ln"
            })
    void tokenThatIsNoJwt_hasNoExpiry(String token) throws Exception {
        assertThat(withToken(token).tokenExpiry()).isNull();
    }

    @Test
    void fields_areACopy() throws Exception {
        ConnectAnswer answer = ConnectAnswer.of(SampleRecords.answer());

        answer.fields().put("character_session_id", "changed");

        assertThat(answer.characterSessionId()).isEqualTo("PRIVATE-character-session");
        assertThat(answer.fields()).isEqualTo(SampleRecords.answer());
    }

    @ParameterizedTest
    @ValueSource(strings = {"wss://r.example", "ws://r", "HTTPS://r", "http://r"})
    void answer_makesAValidReply(String url) throws Exception {
        ObjectNode answer =
                SampleRecords.answer().put("room_url", url).put("room_name", "").put("token", "");
        answer.remove("speaker_id");

        WireSchemas.assertReply(
                SampleRecords.started(ConnectAnswer.of(answer).fields()).toJson());
    }

    private static final String ROOMS_SESSION = "6c1f3f0e-0b0a-4a8e-9a53-1b6f4e5d3c21";
    private static final String FIRST_SESSION = "7d2a4b1c-9e8f-4c6b-8d3e-2a7b5c9d0e1f";
    private static final String SECOND_SESSION = "8e3b5c2d-0f9a-4d7c-9e4f-3b8c6d0e1f2a";

    private static ObjectNode ofSeveralCharacters() {
        ObjectNode answer = SampleRecords.answer().put("session_id", ROOMS_SESSION);
        answer.put("room_session_id", "rs").put("route_epoch", 3).put("partial_dispatch", false);
        answer.putArray("characters")
                .add(SampleRecords.json("{'session_id':'" + FIRST_SESSION + "','character_session_id':'cs-1'}"))
                .add(SampleRecords.json("{'session_id':'" + SECOND_SESSION + "','failure_code':null}"))
                .add("odd");
        return answer;
    }

    @Test
    void sessionsOfEveryCharacter_areSecretsThatTheProcessKnows() throws Exception {
        ConnectAnswer answer = ConnectAnswer.of(ofSeveralCharacters());

        assertThat(answer.sessionIds())
                .extracting(SessionId::value)
                .containsExactly(ROOMS_SESSION, FIRST_SESSION, SECOND_SESSION);
        assertThat(answer.sessionIds().toString()).doesNotContain(FIRST_SESSION);
        for (String session : new String[] {ROOMS_SESSION, FIRST_SESSION, SECOND_SESSION}) {
            assertThat(Secrets.mask("left " + session + " open")).isEqualTo("left [masked] open");
        }
    }

    /** However it is quoted: as it is, in part, or with another host. */
    @Test
    void roomUrlOfAWebsocket_isASecretAsAWhole() throws Exception {
        String session = "9f4c6d3e-1a0b-4e8d-8f5a-4c9d7e1f2a3b";
        ConnectAnswer.of(SampleRecords.answer()
                .put("session_id", session)
                .put("room_url", "wss://live.example/chat?session_id=" + session + "&k=Zx81Qw72Er63Ty54")
                .put("token", "")
                .putNull("room_name"));

        for (String quoted : new String[] {
            "wss://live.example/chat?session_id=" + session,
            "wss%3A%2F%2Flive.example%2Fchat%3Fsession_id%3D" + session,
            "chat?k=Zx81Qw72Er63Ty54",
            "proxy said: " + session + " is gone"
        }) {
            assertThat(Secrets.mask(quoted)).doesNotContain(session).doesNotContain("Zx81Qw72Er63Ty54");
        }
    }

    @Test
    void sessionIds_canBeLeftOut_andNothingElseIs() throws Exception {
        ObjectNode sent = ofSeveralCharacters();
        ObjectNode expected = sent.deepCopy();
        expected.remove("session_id");
        expected.get("characters").forEach(character -> {
            if (character instanceof ObjectNode object) {
                object.remove("session_id");
            }
        });

        ConnectAnswer answer = ConnectAnswer.of(sent);

        assertThat(answer.fieldsWithoutSessionIds()).isEqualTo(expected);
        assertThat(answer.fields()).isEqualTo(ofSeveralCharacters());
        WireSchemas.assertReply(
                SampleRecords.started(answer.fieldsWithoutSessionIds()).toJson());
    }

    @Test
    void toString_showsNothingOfTheAnswer() throws Exception {
        assertThat(ConnectAnswer.of(SampleRecords.answer()).toString()).doesNotContain(SampleRecords.PRIVATE);
    }
}
