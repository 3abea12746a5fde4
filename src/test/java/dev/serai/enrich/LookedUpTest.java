package dev.serai.enrich;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.event.Json;
import dev.serai.event.Provenance;
import dev.serai.event.Provenance.Status;
import dev.serai.event.SampleRecords;
import dev.serai.event.SceneElement;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class LookedUpTest {
    private static final Provenance INLINE = new Provenance(Status.INLINE, null);
    private static final Provenance FRESH = new Provenance(Status.FRESH, Duration.ZERO);
    private static final Provenance FAILED = new Provenance(Status.FAILED, null);
    private static final SceneElement DESK = new SceneElement("desk", "oak");
    private static final SceneElement LAMP = new SceneElement("lamp", "lit");

    private static LookedUp found(String singleQuoted) {
        return new LookedUp.Found(SampleRecords.utf8(singleQuoted.replace('\'', '"')));
    }

    private static Enrichment inline(List<SceneElement> scene, @Nullable ObjectNode dynamicInfo) {
        return new Enrichment(scene, INLINE, dynamicInfo, INLINE);
    }

    private static Enrichment scene(LookedUp lookedUp, SceneElement... inline) {
        return lookedUp.addSceneTo(inline(List.of(inline), null));
    }

    private static Enrichment dynamicInfo(LookedUp lookedUp, @Nullable String inline) {
        return lookedUp.addDynamicInfoTo(inline(List.of(), inline == null ? null : SampleRecords.json(inline)));
    }

    @Test
    void foundScene_comesAfterTheInlineOne() {
        assertThat(scene(found("[{'name':'lamp','description':'lit'}]"), DESK))
                .isEqualTo(new Enrichment(List.of(DESK, LAMP), FRESH, null, INLINE));
    }

    @Test
    void foundElementOfAnInlineName_isLeftOut() {
        assertThat(scene(found("[{'name':'desk','description':'pine'},{'name':'lamp','description':'lit'}]"), DESK)
                        .scene())
                .containsExactly(DESK, LAMP);
    }

    @Test
    void foundElementsOfOneName_countOnce() {
        assertThat(scene(found("[{'name':'lamp','description':'lit'},{'name':'lamp','description':'off'}]"))
                        .scene())
                .containsExactly(LAMP);
    }

    /** The publisher may say a thing twice; that is not for enrichment to judge. */
    @Test
    void inlineElementsOfOneName_areKept() {
        SceneElement another = new SceneElement("desk", "pine");

        assertThat(scene(found("[]"), DESK, another).scene()).containsExactly(DESK, another);
    }

    @Test
    void foundElement_keepsNameAndDescriptionOnly() {
        assertThat(scene(found("[{'id':7,'name':'lamp','description':'lit','colour':null}]"))
                        .scene())
                .containsExactly(LAMP);
    }

    @Test
    void foundEmptyScene_isFresh() {
        assertThat(scene(found(" [] "), DESK)).isEqualTo(new Enrichment(List.of(DESK), FRESH, null, INLINE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{}",
                "null",
                "'lamp'",
                "7",
                "[7]",
                "[null]",
                "[[]]",
                "[{}]",
                "[{'name':'lamp'}]",
                "[{'description':'lit'}]",
                "[{'name':'lamp','description':null}]",
                "[{'name':7,'description':'lit'}]",
                "[{'name':'lamp','description':'lit'},{'name':'desk'}]",
                "[{'name':'lamp','description':'lit'}",
                "[{'name':'a','name':'b','description':'lit'}]",
                "[] []",
                "<html></html>",
                "[{'name':'lamp','description':'\\ud800'}]",
                "{'scene_description':[]}"
            })
    void sceneOfAWrongShape_isAFailureOfItsSource(String answer) {
        assertThat(scene(found(answer), DESK)).isEqualTo(new Enrichment(List.of(DESK), FAILED, null, INLINE));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = """
            -                                     | {'text':'found'}
            {'text':'inline'}                     | {'text':'inline\\nfound'}
            {'text':''}                           | {'text':'found'}
            {'static_text':'s'}                   | {'static_text':'s','text':'found'}
            {'text':'inline','keep_in_context':true} | {'text':'inline\\nfound','keep_in_context':true}
            """)
    void foundText_comesAfterTheInlineOne(@Nullable String inline, String merged) {
        assertThat(dynamicInfo(found("{'text':'found','more':7}"), inline))
                .isEqualTo(new Enrichment(List.of(), INLINE, SampleRecords.json(merged), FRESH));
    }

    @Test
    void foundEmptyText_addsNothing() {
        assertThat(dynamicInfo(found("{'text':''}"), "{'text':'inline'}"))
                .isEqualTo(new Enrichment(List.of(), INLINE, SampleRecords.json("{'text':'inline'}"), FRESH));
        assertThat(dynamicInfo(found("{'text':''}"), null)).isEqualTo(new Enrichment(List.of(), INLINE, null, FRESH));
    }

    @Test
    void merging_leavesTheInlineInformationAsItIs() {
        ObjectNode inline = SampleRecords.json("{'text':'inline'}");

        found("{'text':'found'}").addDynamicInfoTo(inline(List.of(), inline));

        assertThat(inline).isEqualTo(SampleRecords.json("{'text':'inline'}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "'found'",
                "{}",
                "{'text':null}",
                "{'text':7}",
                "{'text':['found']}",
                "{'text':'cut o",
                "{'text':'a','text':'b'}",
                "{'text':'found'} 7",
                "{'text':'\\udc00'}",
                "{'TEXT':'found'}"
            })
    void informationOfAWrongShape_isAFailureOfItsSource(String answer) {
        ObjectNode inline = SampleRecords.json("{'text':'inline'}");

        assertThat(found(answer).addDynamicInfoTo(inline(List.of(DESK), inline)))
                .isEqualTo(new Enrichment(List.of(DESK), INLINE, inline, FAILED));
    }

    @Test
    void answerAtTheBound_isRead() {
        String empty = "{\"text\":\"\"}";
        String text = "x".repeat(LookedUp.MAX_ANSWER_BYTES - empty.length());

        assertThat(dynamicInfo(found("{'text':'" + text + "'}"), null).dynamicInfo())
                .isEqualTo(Json.MAPPER.createObjectNode().put("text", text));
    }

    @Test
    void answerBeyondTheBound_isAFailureOfItsSource() {
        String padding = " ".repeat(LookedUp.MAX_ANSWER_BYTES);

        assertThat(dynamicInfo(found("{'text':'found'}" + padding), null))
                .isEqualTo(new Enrichment(List.of(), INLINE, null, FAILED));
        assertThat(scene(found("[]" + padding), DESK)).isEqualTo(new Enrichment(List.of(DESK), FAILED, null, INLINE));
    }

    @Test
    void deepAnswer_isAFailureOfItsSource() {
        String deep = "[".repeat(100_000);

        assertThat(scene(found(deep)).sceneFrom()).isEqualTo(FAILED);
        assertThat(dynamicInfo(found("{'text':" + deep), null).dynamicInfoFrom())
                .isEqualTo(FAILED);
    }

    @Test
    void notFound_changesNothing() {
        Enrichment enrichment = Enrichment.inline(SampleRecords.event());

        assertThat(new LookedUp.NotFound().addSceneTo(enrichment)).isEqualTo(enrichment);
        assertThat(new LookedUp.NotFound().addDynamicInfoTo(enrichment)).isEqualTo(enrichment);
    }

    @Test
    void failed_keepsWhatTheEventSays() {
        Enrichment enrichment = Enrichment.inline(SampleRecords.event());

        assertThat(new LookedUp.Failed().addSceneTo(enrichment))
                .isEqualTo(enrichment.withScene(enrichment.scene(), FAILED));
        assertThat(new LookedUp.Failed().addDynamicInfoTo(enrichment))
                .isEqualTo(enrichment.withDynamicInfo(enrichment.dynamicInfo(), FAILED));
    }

    @Test
    void sceneAndInformation_areIndependent() {
        Enrichment both = found("{'text':'found'}")
                .addDynamicInfoTo(found("[{'name':'lamp','description':'lit'}]").addSceneTo(inline(List.of(), null)));

        assertThat(both).isEqualTo(new Enrichment(List.of(LAMP), FRESH, SampleRecords.json("{'text':'found'}"), FRESH));
    }
}
