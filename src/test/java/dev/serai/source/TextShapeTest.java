package dev.serai.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.wire.SampleRecords;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class TextShapeTest {
    private static EnrichmentLimits limits(int textCharacters) {
        return new EnrichmentLimits(1, 1, 1, 1, textCharacters);
    }

    private static FoundText read(String singleQuoted) throws Exception {
        return TextShape.ofField(limits(10), "text").read(SampleRecords.json(singleQuoted));
    }

    private static FoundText found(String text, int leftOut) {
        return new FoundText(text, leftOut, List.of());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'text':'found','more':7}          | found      | 0
            {'text':7.0}                       | 7.0        | 0
            {'text':null}                      | ``         | 0
            {'text':' \\n\\u0000'}             | ``         | 0
            {'text':'a\\r\\n\\tb\\u0007'}      | `a\\n\\tb` | 0
            {'text':'0123456789'}              | 0123456789 | 0
            {'text':'0123456789abc'}           | 0123456789 | 3
            {'text':'012345678\\ud83d\\ude00'} | 012345678  | 2
            """)
    void text_isCleanedAndCut(String answer, String text, int leftOut) throws Exception {
        assertThat(read(answer)).isEqualTo(found(text.translateEscapes(), leftOut));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'text':['found']}", "{'text':{}}", "{'TEXT':'found'}", "{'text':'\\udc00'}"})
    void wrongShape_isAFailureOfTheSource(String answer) {
        assertThatThrownBy(() -> read(answer)).isInstanceOf(SourceFailedException.class);
    }

    @Test
    void template_writesTheText() throws Exception {
        TextShape shape = TextShape.ofTemplate(limits(100), TextTemplate.parse("Name: {{name}}\nHome: {{home}}"));

        assertThat(shape.read(SampleRecords.json("{'name':'A\\u0000da','home':{'city':'London'}}")))
                .isEqualTo(new FoundText(
                        "Name: Ada", 0, List.of("dynamic_info: {{home}} in line 2 of the template is not a text")));
        assertThatThrownBy(() -> shape.read(SampleRecords.json("{'name':'\\ud800'}")))
                .hasMessage("the dynamic information has half a character (an unpaired surrogate)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = """
            ``            | found  | 0 | found          | -
            said          | found  | 0 | `said\\nfound` | -
            said          | ``     | 0 | said           | -
            said          | founds | 0 | `said\\nfound` | dynamic_info: 1 of 6 characters left out (at most 10 in all)
            said          | founds | 7 | `said\\nfound` | dynamic_info: 8 of 13 characters left out (at most 10 in all)
            ``            | found  | 7 | found          | dynamic_info: 7 of 12 characters left out (at most 10 in all)
            `said more`   | found  | 0 | `said more`    | dynamic_info: 5 of 5 characters left out (at most 10 in all)
            `said as ever`| found  | 0 | `said as ever` | dynamic_info: 5 of 5 characters left out (at most 10 in all)
            `said as ever`| ``     | 0 | `said as ever` | -
            """)
    void foundText_comesAfterTheInlineOne_asFarAsThereIsRoom(
            String inline, String text, int leftOut, String merged, @Nullable String note) {
        assertThat(TextShape.ofField(limits(10), "text").merge(inline, found(text, leftOut)))
                .isEqualTo(new Shaped<>(merged.translateEscapes(), note == null ? List.of() : List.of(note)));
    }

    @Test
    void toString_showsNothingPrivate() {
        assertThat(found("PRIVATE", 3)).hasToString("FoundText[7 characters, 3 left out, []]");
        assertThat(new Shaped<>("PRIVATE", List.of("a note"))).hasToString("Shaped[a note]");
    }
}
