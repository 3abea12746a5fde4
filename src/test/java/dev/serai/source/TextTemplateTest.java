package dev.serai.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serai.source.InvalidTemplateException.Mistake;
import dev.serai.wire.Json;
import dev.serai.wire.SampleRecords;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class TextTemplateTest {

    private static Shaped<String> render(String template, String singleQuoted) throws Exception {
        return TextTemplate.parse(template).render(SampleRecords.json(singleQuoted));
    }

    private static List<Mistake> mistakes(String template) {
        try {
            TextTemplate.parse(template);
            return List.of();
        } catch (InvalidTemplateException e) {
            return e.mistakes();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'Ada'                    | <Ada>
            '{{secret}} ${x} {{x!0}}' | <{{secret}} ${x} {{x!0}}>
            'a\\nb'                  | `<a\\nb>`
            7                        | <7>
            -1.50                    | <-1.50>
            12345678901234567890123  | <12345678901234567890123>
            12500000.00              | <12500000.00>
            1.25E7                   | <1.25E7>
            0.00000001               | <0.00000001>
            1e400                    | <1e400>
            -0.0                     | <-0.0>
            ['b',1.50,1e400]         | <b, 1.50, 1e400>
            true                     | <true>
            false                    | <false>
            ['a','b',3,null,'',true] | <a, b, 3, true>
            ['a']                    | <a>
            ''                       | ``
            ' '                      | ``
            null                     | ``
            []                       | ``
            [null,'']                | ``
            """)
    void value_isWrittenAsItIs_orItsLineIsNot(String value, String line) throws Exception {
        assertThat(render("<{{x}}>", "{'secret':'s','x':" + value + "}"))
                .isEqualTo(new Shaped<>(line.translateEscapes(), List.of()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                  | not a text
            {'y':1}             | not a text
            [{}]                | an array of more than texts
            ['a',['b']]         | an array of more than texts
            """)
    void valueThatCannotBeWritten_isNotedOnce(String value, String problem) throws Exception {
        assertThat(render("a\nb {{x}} {{x|c}}\nd {{x|c}}", "{'x':" + value + "}"))
                .isEqualTo(new Shaped<>(
                        "a\nd c",
                        List.of(
                                "{{x}} in line 2 of the template is " + problem,
                                "{{x}} in line 3 of the template is " + problem)));
    }

    @Test
    void lineWithoutOneOfItsValues_isLeftOut() throws Exception {
        String template = """
                Name: {{name}}

                Order {{order.id}} of {{order.date}}
                Balance: {{balance}} {{currency|EUR}}
                Bye""";

        assertThat(render(template, "{'name':'Ada','order':{'id':7},'balance':1.5}")
                        .value())
                .isEqualTo("Name: Ada\n\nBalance: 1.5 EUR\nBye");
    }

    @Test
    void nestedField_isFound() throws Exception {
        assertThat(render("{{a.b-c.d_1}} {{é.ü}}", "{'a':{'b-c':{'d_1':'deep'}},'é':{'ü':1},'a.b':2}")
                        .value())
                .isEqualTo("deep 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'a':null}", "{'a':'text'}", "{'a':['b']}", "{'a.b':'x'}", "{'A':{'b':'x'}}"})
    void nestedFieldOfSomethingElse_hasNoValue(String object) throws Exception {
        assertThat(render("<{{a.b}}>", object)).isEqualTo(new Shaped<>("", List.of()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', quoteCharacter = '`', textBlock = """
            <{{x|none}}>           ! <none>
            <{{ x | no  one }}>    ! <no  one>
            <{{x|}}>               ! <>
            <{{x|a|b}}>            ! <a|b>
            <{{x|y}}{{y}}>         ! ``
            """)
    void default_keepsTheLine(String template, String text) throws Exception {
        assertThat(render(template, "{'x':''}").value()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "}} a }", "{ a }", "{\"a\":{\"b\":1}}", "100 % \\ $1", "\n\na"})
    void textWithoutPlaceholders_staysAsItIs(String text) throws Exception {
        assertThat(render(text, "{}")).isEqualTo(new Shaped<>(text, List.of()));
    }

    @Test
    void lineEnds_areLineFeeds() throws Exception {
        assertThat(render("a\r\n{{x}}\r\nb\rc\n", "{}").value()).isEqualTo("a\nb\nc");
    }

    @Test
    void valueThatIsNoObject_hasNoFields() throws Exception {
        TextTemplate template = TextTemplate.parse("a\n{{x}}\n{{x|b}}");

        assertThat(template.render(Json.MAPPER.readTree("[{\"x\":1}]")).value()).isEqualTo("a\nb");
        assertThat(template.render(JsonNodeFactory.instance.missingNode()).value())
                .isEqualTo("a\nb");
        assertThat(template.render(JsonNodeFactory.instance.textNode("x")).value())
                .isEqualTo("a\nb");
    }

    @Test
    void valueOfJavaOnly_isNoText() throws Exception {
        assertThat(TextTemplate.parse("{{x}}")
                        .render(Json.MAPPER.createObjectNode().putPOJO("x", new Object())))
                .isEqualTo(new Shaped<>("", List.of("{{x}} in line 1 of the template is not a text")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', quoteCharacter = '`', textBlock = """
            {{                ! 1 ! {{ is not closed with }} in its line
            `a\\nb {{x`       ! 3 ! {{ is not closed with }} in its line
            😀 {{x }         ! 3 ! {{ is not closed with }} in its line
            `{{x {{y}}`       ! 1 ! {{ is not closed with }} in its line
            `{{x\\n}}`        ! 1 ! {{ is not closed with }} in its line
            a {{}}            ! 3 ! the name of a field is missing
            {{ |none}}        ! 1 ! the name of a field is missing
            {{a b}}           ! 1 ! "a b" is not the name of a field: letters, digits, _ and -, and dots between names
            {{.a}}            ! 1 ! ".a" is not the name of a field: letters, digits, _ and -, and dots between names
            {{a..b}}          ! 1 ! "a..b" is not the name of a field: letters, digits, _ and -, and dots between names
            {{#if a}}         ! 1 ! "#if a" is not the name of a field: letters, digits, _ and -, and dots between names
            {{{a}}}           ! 1 ! "{a" is not the name of a field: letters, digits, _ and -, and dots between names
            {{a|{b}}}         ! 1 ! the default of "a" has a brace in it
            """)
    void mistake_isPlaced(String template, int column, String text) {
        String lines = template.translateEscapes();

        assertThat(mistakes(lines)).containsExactly(new Mistake(lines.startsWith("a\n") ? 2 : 1, column, text));
    }

    @Test
    void mistakes_areNamedAtOnce() {
        assertThatThrownBy(() -> TextTemplate.parse("{{a}}{{}} {{ {{b c}}\nok {{d}}\n{{e"))
                .isInstanceOf(InvalidTemplateException.class)
                .hasMessage("""
                        line 1, column 6: the name of a field is missing
                        line 1, column 11: {{ is not closed with }} in its line
                        line 1, column 14: "b c" is not the name of a field: letters, digits, _ and -, and dots between names
                        line 3, column 1: {{ is not closed with }} in its line""");
    }
}
