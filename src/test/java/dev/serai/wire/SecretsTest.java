package dev.serai.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class SecretsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Invalid API key                          | Invalid API key
            Invalid character_session_id             | Invalid character_session_id
            no such session                          | no such session
            bad jwt eyJhbGci.eyJzdWIi.c2ln-_x!       | bad jwt [masked]!
            bad jwt eyJhbGci.eyJzdWIi of you         | bad jwt [masked] of you
            X-API-Key: abc123, try again             | X-API-Key: [masked], try again
            x-api-key=abc123;                        | x-api-key=[masked];
            Invalid API key: abc123                  | Invalid API key: [masked]
            api_key = abc123                         | api_key = [masked]
            apikey:abc123                            | apikey:[masked]
            {"token":"a b,c"}                        | {"token":[masked]}
            {"token":"a\\"b"}                        | {"token":[masked]}
            {"token":"cut off he                     | {"token":[masked]
            {"token" : 42}                           | {"token" : [masked]}
            token: abc                               | token: [masked]
            wss://r.example?access_token=abc&x=1     | wss://r.example/[masked]
            https://r.example?access_token=abc&x=1   | https://r.example?access_token=[masked]
            {"session_id":"abc"}                     | {"session_id":[masked]}
            room_session_id=abc                      | room_session_id=[masked]
            session_id: abc is unknown               | session_id: [masked] is unknown
            Authorization: Bearer abc123             | Authorization: [masked]
            {"authorization":"Bearer abc123"}        | {"authorization":[masked]}
            {\\"token\\":\\"a b\\"} in it             | {\\"token\\":[masked]} in it
            {'token': 'a b'}                         | {'token': [masked]}
            Authorization: Basic YWJj and more       | Authorization: [masked] and more
            /character_session_id: integer found     | /character_session_id: integer found
            sessionId: did you mean x?               | sessionId: did you mean x?
            /a_token: not allowed, expected one of b | /a_token: not allowed, expected one of b
            serai.reply.session-id = omit (file)     | serai.reply.session-id = omit (file)
            serai.reply.session-id=include, a=b      | serai.reply.session-id=include, a=b
            serai.reply.session-id = omits           | serai.reply.session-id = [masked]
            session-id = omit                        | session-id = [masked]
            {"sessionId":"abc"}                      | {"sessionId":[masked]}
            xeyJxcXEi eyJxcXEiOiJwcHB3d3d3In0          | xeyJxcXEi [masked]
            xeyJxcXEi-eyJxcXEiOiJwcHB3d3d3In0         | xeyJxcXEi-[masked]
            Session-Id: abc                          | Session-Id: [masked]
            session id = abc                         | session id = [masked]
            roomSessionId=abc                        | roomSessionId=[masked]
            sid=abc&x=1                              | sid=[masked]
            {"room_sid":"abc","inside":"x"}          | {"room_sid":[masked],"inside":"x"}
            inside: abc                              | inside: abc
            jwt: abc                                 | jwt: [masked]
            password=abc                             | password=[masked]
            jdbc:x://h/d?user=u&password=abc         | jdbc:x://h/d?user=u&password=[masked]
            client_secret: abc                       | client_secret: [masked]
            apiKey: abc, clientSecret: def           | apiKey: [masked], clientSecret: [masked]
            Cookie: a=b                              | Cookie: [masked]
            characterSessionId: abc                  | characterSessionId: abc
            character-session-id: abc                | character-session-id: abc
            no session with id 5f0c2a1e-77b3 of you  | no session with id [masked] of you
            Session 5f0c2a1e77b3 is unknown          | Session [masked] is unknown
            the session id is '5f0c2a1e' now         | the session id is '[masked]' now
            API key starts with sk-12345             | API key starts with [masked]
            the token (5f0c2a) is old                | the token ([masked]) is old
            character session 5f0c2a1e77b3 is gone   | character session 5f0c2a1e77b3 is gone
            session timed out after 30 seconds       | session timed out after 30 seconds
            Bearer 5f0c2a1e77b3 was refused          | Bearer [masked] was refused
            wss://r.example/ws/abc?x=1 is closed     | wss://r.example/[masked] is closed
            wss://r.example is closed                | wss://r.example is closed
            https://user:pass@r.example/x            | https://[masked]@r.example/x
            cut off: eyJhbGciOiJIUzI1NiJ9            | cut off: [masked]
            x.PlainLoginModule required a="b" c="d"; | x.PlainLoginModule required [masked];
            -----BEGIN RSA PRIVATE KEY----- MII      | [masked]
            """)
    void text_isMasked(String text, String masked) {
        assertThat(Secrets.mask(text)).isEqualTo(masked);
        assertThat(Secrets.mask(masked)).as("masked twice").isEqualTo(masked);
    }

    /** A publisher may have a value where the name of a field belongs, and the provider quotes it. */
    @Test
    void tokenAsTheNameOfAField_isMasked() {
        String token = "eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2lnbmF0dXJl";

        assertThat(Secrets.mask(SampleRecords.json("{'input':{'" + token + "':[1]}}"), ""))
                .hasToString("{\"input\":{\"[masked]\":[1]}}");
    }

    @Test
    void longText_isCutAndTheCutIsSaid() {
        assertThat(Secrets.mask("x".repeat(Secrets.MAX_DETAIL_LENGTH))).hasSize(Secrets.MAX_DETAIL_LENGTH);
        assertThat(Secrets.mask("x".repeat(Secrets.MAX_DETAIL_LENGTH + 7)))
                .isEqualTo("x".repeat(Secrets.MAX_DETAIL_LENGTH) + "… (7 more characters)");
        assertThat(Secrets.mask("x".repeat(1_000_000))).endsWith("… (999000 more characters)");
    }

    @Test
    void secretAcrossTheCut_isMasked() {
        String masked = Secrets.mask("x".repeat(Secrets.MAX_DETAIL_LENGTH - 10) + " token=secret-value");

        assertThat(masked).doesNotContain("sec");
    }

    /** Half a character cannot be written as UTF-8. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void cut_splitsNoCharacter(int shift) {
        String masked = Secrets.mask("x".repeat(shift) + "\uD83D\uDE00".repeat(Secrets.MAX_DETAIL_LENGTH));

        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(masked)).isTrue();
    }

    static List<String> hugeTexts() {
        return List.of(
                "eyJ".repeat(350_000),
                "token".repeat(200_000),
                "token ".repeat(150_000),
                "\"token\":\"" + "\\\"".repeat(500_000),
                "token: \"".repeat(150_000),
                "[".repeat(900) + "\"token\":" + "\"\\".repeat(300_000),
                "token=".repeat(150_000));
    }

    /** A megabyte that is made to keep the patterns busy. */
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    @ParameterizedTest
    @MethodSource("hugeTexts")
    void hugeText_isMaskedInTime(String text) {
        assertThat(Secrets.mask(text)).hasSizeLessThan(Secrets.MAX_DETAIL_LENGTH + 50);
    }

    @Test
    void json_withoutSecrets_isUnchanged() {
        JsonNode value = SampleRecords.json(
                        "{'detail':[{'type':'missing','loc':['body','character_id'],'input':null}]}")
                .get("detail");

        assertThat(Secrets.mask(value, "")).isEqualTo(value);
    }

    @Test
    void json_withSecrets_keepsItsShape() {
        JsonNode value = SampleRecords.json("{'detail':[{'msg':'token=abc','input':{'token':'abc','session_id':[1],"
                        + "'X-API-Key':'abc','token_type':'jwt','room_session_id':'abc'}},"
                        + "'{\\'token\\':\\'abc\\'}',7]}")
                .get("detail");

        assertThat(Secrets.mask(value, ""))
                .isEqualTo(SampleRecords.json("{'detail':[{'msg':'token=[masked]','input':{'token':'[masked]',"
                                + "'session_id':'[masked]','X-API-Key':'[masked]','token_type':'jwt',"
                                + "'room_session_id':'[masked]'}},'{\\'token\\':[masked]}',7]}")
                        .get("detail"));
    }

    @Test
    void knownSecret_isMaskedWhereverItStands() {
        JsonNode value = SampleRecords.json("{'a':['x known-1 known-1y'],'known-1':7}");

        assertThat(Secrets.mask(value, "known-1"))
                .isEqualTo(SampleRecords.json("{'a':['x [masked] [masked]y'],'[masked]':7}"));
        assertThat(Secrets.mask(TextNode.valueOf("x known-1".repeat(10_000)), "known-1")
                        .textValue())
                .doesNotContain("known-1");
    }

    @Test
    void whatTheProcessKnows_isMaskedInNamesAndValuesOfJson_andInFailures() {
        String session = "8d1f6b27-0c3e-4a95-b7d2-6e4f9a0c1b38";
        KnownSecrets.OF_PROCESS.addHandedOut(session);
        JsonNode value = SampleRecords.json("{'a':['gone: " + session + "'],'" + session + "':7}");

        assertThat(Secrets.mask(value, "")).isEqualTo(SampleRecords.json("{'a':['gone: [masked]'],'[masked]':7}"));
        assertThat(Failure.of(ErrorCategory.INTERNAL_ERROR, "gone: " + session).detailText())
                .isEqualTo("gone: [masked]");
    }

    @Test
    void json_tooLong_isCutText() {
        JsonNode value = Json.MAPPER.createArrayNode().add("x".repeat(600)).add("y".repeat(600));

        assertThat(Secrets.mask(value, "").textValue())
                .startsWith("[\"xxx")
                .endsWith("… (" + (value.toString().length() - Secrets.MAX_DETAIL_LENGTH) + " more characters)");
    }

    /** Whoever is quoted in a log or an error text must not keep a core busy with it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "eyJ",
                "eyJ.eyJ",
                "eyJ-",
                "token",
                "token ",
                "token\\",
                "sid=\"",
                "LoginModule ",
                "wss://",
                "://a:"
            })
    @Timeout(120)
    void longText_isSearchedInOneGo(String part) {
        String text = "x" + part.repeat(100_000 / part.length() - 1);

        assertThat(Secrets.inLog(text)).isNotEmpty();
    }
}
