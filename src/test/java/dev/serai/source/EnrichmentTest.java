package dev.serai.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.wire.Provenance;
import dev.serai.wire.Provenance.Status;
import dev.serai.wire.SampleRecords;
import dev.serai.wire.SceneElement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class EnrichmentTest {
    private static final Provenance INLINE = Provenance.unasked(true);
    private static final Provenance ABSENT = Provenance.unasked(false);
    private static final Provenance CACHED = new Provenance(Status.CACHED, Duration.ofSeconds(3), "crm", List.of());

    @Test
    void eventThatSaysEverything_isInline() {
        assertThat(Enrichment.inline(SampleRecords.event()))
                .isEqualTo(new Enrichment(
                        SampleRecords.event().sceneDescription(),
                        INLINE,
                        SampleRecords.json("{'text':'PRIVATE text'}"),
                        INLINE));
    }

    @Test
    void eventThatSaysNothing_isAbsent() {
        assertThat(Enrichment.inline(SampleRecords.leastEvent()))
                .isEqualTo(new Enrichment(List.of(), ABSENT, null, ABSENT));
    }

    @Test
    void scene_changesAlone() {
        List<SceneElement> scene = List.of(new SceneElement("lamp", "lit"));

        assertThat(Enrichment.inline(SampleRecords.event()).withScene(scene, CACHED))
                .isEqualTo(new Enrichment(scene, CACHED, SampleRecords.json("{'text':'PRIVATE text'}"), INLINE));
    }

    @Test
    void dynamicInfo_changesAlone() {
        assertThat(Enrichment.inline(SampleRecords.event()).withDynamicInfo(null, CACHED))
                .isEqualTo(new Enrichment(SampleRecords.event().sceneDescription(), INLINE, null, CACHED));
    }

    @Test
    void scene_isACopy() {
        List<SceneElement> scene = new ArrayList<>(List.of(new SceneElement("lamp", "lit")));
        Enrichment enrichment = new Enrichment(scene, INLINE, null, ABSENT);

        scene.clear();

        assertThat(enrichment.scene()).hasSize(1);
    }

    /** What it says of itself ends up in logs. */
    @Test
    void toString_showsNothingPrivate() {
        assertThat(Enrichment.inline(SampleRecords.event()).toString()).doesNotContain(SampleRecords.PRIVATE);
    }
}
