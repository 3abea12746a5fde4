package dev.serai.connect.answer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.SampleRecords;
import dev.serai.wire.WireSchemas;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
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

    @Test
    void toString_showsNothingOfTheAnswer() throws Exception {
        assertThat(ConnectAnswer.of(SampleRecords.answer()).toString()).doesNotContain(SampleRecords.PRIVATE);
    }
}
