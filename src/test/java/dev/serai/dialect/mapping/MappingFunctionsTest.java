package dev.serai.dialect.mapping;

import static dev.serai.dialect.mapping.Mappings.german;
import static dev.serai.dialect.mapping.Mappings.map;
import static dev.serai.dialect.mapping.Mappings.plain;
import static dev.serai.dialect.mapping.Mappings.rejection;
import static dev.serai.dialect.mapping.Mappings.secret;
import static dev.serai.dialect.mapping.Mappings.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class MappingFunctionsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            1795166102                      | 2026-11-20T09:15:02.000Z
            1795166102.631                  | 2026-11-20T09:15:02.631Z
            1795166102631                   | 2026-11-20T09:15:02.631Z
            1795166102631999                | 2026-11-20T09:15:02.631Z
            1795166102631999999             | 2026-11-20T09:15:02.631Z
            "1795166102"                    | 2026-11-20T09:15:02.000Z
            " 1795166102631 "               | 2026-11-20T09:15:02.631Z
            "1795166102.5"                  | 2026-11-20T09:15:02.500Z
            1.795166102631E12               | 2026-11-20T09:15:02.631Z
            "2026-11-20T09:15:02Z"          | 2026-11-20T09:15:02.000Z
            "2026-11-20T10:15:02.6+01:00"   | 2026-11-20T09:15:02.600Z
            "2026-11-20T09:15:02.123456789Z"| 2026-11-20T09:15:02.123Z
            "2026-11-20t09:15:02z"          | 2026-11-20T09:15:02.000Z
            "2026-11-20 14:45:02.000+0530"  | 2026-11-20T09:15:02.000Z
            "2026-11-20T09:15Z"             | 2026-11-20T09:15:00.000Z
            "2026-11-20T04:15:02-05"        | 2026-11-20T09:15:02.000Z
            "Fri, 20 Nov 2026 09:15:02 GMT" | 2026-11-20T09:15:02.000Z
            "Fri, 20 Nov 2026 10:15:02 +0100" | 2026-11-20T09:15:02.000Z
            """)
    void time_ofAnyNotation_isRfc3339InUtc(String raw, String expected) throws Exception {
        assertThat(value("$time(t)", plain(), "{\"t\":" + raw + "}")).hasToString("\"" + expected + "\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "0",
                "-1795166102",
                "59",
                "1e400",
                "999999999999999999999",
                "true",
                "{}",
                "\"\"",
                "\"soon\"",
                "\"2026-11-20T09:15:02\"",
                "\"2026-11-20\"",
                "\"2026-13-20T09:15:02Z\"",
                "\"1795166102x\"",
                "99999999999",
                "999999999999",
                "\"202611200915\"",
                "20261120091502",
                "\"20261120091502\"",
                "20261120091502123",
                "9999999999999.5e1",
                "[1]"
            })
    void time_ofWhatIsNone_isAbsent(String raw) throws Exception {
        assertThat(value("$time(t)", plain(), "{\"t\":" + raw + "}").isMissingNode())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            +4915110000001                          | +4915110000001
            ' +49 (151) 1000-0001 '                 | +4915110000001
            tel:+49-151-1000-0001                   | +4915110000001
            TEL:+4915110000001;ext=12               | +4915110000001
            sip:+4915110000001@pbx.example;user=phone | +4915110000001
            sips:+4915110000001;phone-context=x@pbx.example:5061?subject=a | +4915110000001
            +4915110000001;ext=12                   | +4915110000001
            110                                     | 110
            tel:112;phone-context=+49               | 112
            000                                     | 000
            *21#                                    | *21#
            sip:%2B4915110000001@pbx.example        | +4915110000001
            '"Ada" <sip:+4915110000001@pbx.example>;tag=7' | +4915110000001
            whatsapp:+4915110000001                 | +4915110000001
            0151 10000001                           | +4915110000001
            004915110000001                         | +4915110000001
            tel:015110000001                        | +4915110000001
            +1 415 555 0132                         | +14155550132
            ＋４９１５１１００００００１                   | +4915110000001
            +99912345678                            | +99912345678
            1234                                    | 1234
            museum queue                            | museum queue
            1-800-FLOWERS                           | 1-800-FLOWERS
            sip:ada@example.org;transport=tcp       | ada@example.org
            arn:aws:connect:eu:2109:queue/q-1       | arn:aws:connect:eu:2109:queue/q-1
            ext-4711                                | ext-4711
            client:alice                            | client:alice
            client:+4915110000001                   | client:+4915110000001
            Hotline: unknown                        | Hotline: unknown
            """)
    void phone_isE164_orTheTextItself(String raw, String expected) throws Exception {
        assertThat(value("$phone(n)", german(), "{\"n\":" + quoted(raw) + "}")).hasToString(quoted(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"anonymous\"",
                "\"Restricted\"",
                "\"unavailable\"",
                "\"+266696687\"",
                "\"sip:anonymous@anonymous.invalid\"",
                "\"sip:unknown@10.0.0.1\"",
                "\"tel:\"",
                "\"+\"",
                "\"tel:+\"",
                "\"-\"",
                "\"sip:@10.0.0.1\"",
                "\"client:Anonymous\"",
                "\"client:\"",
                "\"messenger:unknown\"",
                "\"CLIENT:null\"",
                "\"0000000000\"",
                "\"+0000000000\"",
                "\"sip:0000000000@10.0.0.1\"",
                "\"null\"",
                "\"undefined\"",
                "\"N/A\"",
                "\"none\"",
                "\"Anonymous Caller\"",
                "\"266696687\"",
                "\"sip:266696687@10.0.0.1\"",
                "\"sip:anonymous%40x@anonymous.invalid\"",
                "\"sip:anonymous:secret@10.0.0.1\"",
                "\"sip:anonymous@anonymous.invalid:5060\"",
                "\"<sip:anonymous@anonymous.invalid>;tag=1\"",
                "\"  \"",
                "null",
                "[]",
                "{}",
                "\"\\\"Anonymous\\\" <sip:anonymous@anonymous.invalid>\""
            })
    void phone_ofNobody_isAbsent_soThatNoTwoShareAMemory(String raw) throws Exception {
        assertThat(value("$phone(n)", german(), "{\"n\":" + raw + "}").isMissingNode())
                .isTrue();
        assertThat(value("$person(n)", secret(), "{\"n\":" + raw + "}").isMissingNode())
                .isTrue();
    }

    @Test
    void phone_withoutACountry_leavesNationalNumbers() throws Exception {
        assertThat(value("$phone(n)", plain(), "{\"n\":\"0151 10000001\"}")).hasToString("\"0151 10000001\"");
        assertThat(value("$phone(n)", plain(), "{\"n\":4915110000001}")).hasToString("\"4915110000001\"");
    }

    @Test
    void person_isTheSameForEveryNotation_andADigestWithAKey() throws Exception {
        String digest = value("$person(n)", secret(), "{\"n\":\"tel:+49 151 10000001\"}")
                .textValue();

        assertThat(digest).matches("[0-9a-f]{32}");
        assertThat(value("$person(n)", secret(), "{\"n\":\"0151 10000001\"}")).hasToString(quoted(digest));
        assertThat(value("$digest($phone(n))", secret(), "{\"n\":\"0151 10000001\"}"))
                .hasToString(quoted(digest));
        assertThat(value("$person(n)", secret(), "{\"n\":\"0151 10000002\"}").textValue())
                .isNotEqualTo(digest);
        assertThat(value("$person(n)", german(), "{\"n\":\"0151 10000001\"}")).hasToString("\"+4915110000001\"");
        assertThat(value("$has_digest", german(), "{}")).hasToString("false");
        assertThat(value("$has_digest", secret(), "{}")).hasToString("true");
    }

    /** A digest is kept for years: it must not change with a version. */
    @Test
    void digest_isHmacSha256_withADomain() throws Exception {
        var mac = javax.crypto.Mac.getInstance("HmacSHA256");
        mac.init(new javax.crypto.spec.SecretKeySpec(new byte[32], "HmacSHA256"));
        byte[] expected = mac.doFinal(
                "serai.mapping.digest.v1\0+4915110000001".getBytes(java.nio.charset.StandardCharsets.UTF_8));

        assertThat(value("$digest(n)", secret(), "{\"n\":\"+4915110000001\"}"))
                .hasToString(quoted(java.util.HexFormat.of().formatHex(expected, 0, 16)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no base64!", "c2hvcnQ="})
    void keyOfADigest_isBase64OfAtLeast32Bytes(String content) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NumberDigest.of(content))
                .withMessageStartingWith("must hold a key")
                .withMessageContaining("openssl rand -base64 32");
        assertThat(NumberDigest.of(Base64.getEncoder().encodeToString(new byte[33]) + "\n"))
                .hasToString("NumberDigest");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            $field($, "agentinfo.AGENTARN") | "a"
            $field($, "A.b")                | 2
            $field($, "list.1.X")           | 8
            $field($, "list.9.x")           | nothing
            $field($, "tags.aws:connect:systemEndpoint") | "+49"
            $field($, "none")               | nothing
            $field($, "none.deeper")        | nothing
            $field(nowhere, "a")            | nothing
            """)
    void field_isBlindForCapitals(String expression, String expected) throws Exception {
        var found = value(expression, plain(), """
                {"AgentInfo":{"agentArn":"a"},"a":{"B":1,"b":2},"list":[{"x":7},{"x":8}],"none":null,
                 "tags":{"aws:connect:systemEndpoint":"+49"}}""");

        assertThat(found.isMissingNode() ? "nothing" : found.toString()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            "{\\"from\\":\\"+49\\"}" | {"from":"+49"}
            "{}"                     | {}
            "not json"               | nothing
            "{\\"a\\":1,\\"a\\":2}"  | nothing
            ""                       | nothing
            null                     | nothing
            {"from":1}               | {"from":1}
            """)
    void json_isParsed_orAbsent(String raw, String expected) throws Exception {
        var found = value("$json(t)", plain(), "{\"t\":" + raw + "}");

        assertThat(found.isMissingNode() ? "nothing" : found.toString()).isEqualTo(expected);
    }

    @Test
    void json_isTakenAsTheRecordIs() throws Exception {
        String expression =
                "($o := $json(t); $o.n & \" \" & (20 in $o.list) & \" \" & (\"x\" in $o.list) & \" \" & $o.list[0])";

        assertThat(value(expression, plain(), "{\"t\":\"{\\\"n\\\":1200.00,\\\"list\\\":[null,20.0]}\"}"))
                .hasToString("\"1200 true false null\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\"", "\" \"", "[]"})
    void required_namesThePathOfWhatIsMissing(String raw) throws Exception {
        String expression = "{\"conversation\": $required(id, \"/detail/contactId\")}";

        assertThat(rejection(map(expression, plain(), "{\"id\":" + raw + "}")))
                .isEqualTo("/detail/contactId: is missing");
        assertThat(rejection(map(expression, plain(), "{}"))).isEqualTo("/detail/contactId: is missing");
    }

    /** JSONata's operators take the exceptions of what they call for others. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "true and $required(id, \"/id\")",
                "$map([1, 2], function($n) { $required(id, \"/id\") })",
                "[1, $required(id, \"/id\")]",
                "{\"a\": 1, \"b\": $required(id, \"/id\")}",
                "$filter([1], function($n) { false or $required(id, \"/id\") })"
            })
    void required_isTheReason_whereverItStands(String expression) throws Exception {
        assertThat(rejection(map(expression, plain(), "{}"))).isEqualTo("/id: is missing");
    }

    @Test
    void error_isTheReason() throws Exception {
        assertThat(rejection(map("$error(\"/body: is text\nand not JSON\")", plain(), "{}")))
                .isEqualTo("/body: is text and not JSON");
        assertThat(rejection(map("$assert(a = 2, \"/a: must be 2\")", plain(), "{\"a\":1}")))
                .isEqualTo("/a: must be 2");
        assertThat(Mappings.ignored(map("$assert(a = 1, \"no\")", plain(), "{\"a\":1}")))
                .containsExactly("nothing");
    }

    @Test
    void record_isThereBesideItsValue() throws Exception {
        assertThat(value("$key & $headers.source & $topic & $timestamp", plain(), "{}"))
                .hasToString("\"raw-1pbxraw1795166100000\"");
    }

    @Test
    void ignore_isCountedByItsLabel() throws Exception {
        assertThat(Mappings.ignored(map("[$ignore(\"chat\"), $ignore(\"chat\"), $ignore(\"task\")]", plain(), "{}")))
                .containsExactly("chat", "chat", "task");
    }

    /** Also what a record says that is mapped as it is: it becomes the label of a metric. */
    @Test
    void label_isShortAndOneLine_whoeverMadeIt() throws Exception {
        for (String expression : List.of("$", "$ignore(`$ignored`)", "{\"$ignored\": `$ignored`}")) {
            assertThat(Mappings.ignored(
                            map(expression, plain(), "{\"$ignored\":\"a\\n\\ud800" + "x".repeat(1000) + "\"}")))
                    .containsExactly("a \ufffd" + "x".repeat(61));
        }
    }

    private static String quoted(String text) {
        return com.fasterxml.jackson.databind.node.TextNode.valueOf(text).toString();
    }
}
