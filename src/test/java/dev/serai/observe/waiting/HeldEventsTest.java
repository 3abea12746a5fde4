package dev.serai.observe.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.loop.Elapsed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class HeldEventsTest {

    private static final String NO_KEY = "";

    private final SampleEvents events = new SampleEvents();
    private final HeldEvents held = events.held;

    private JsonNode report(Optional<String> kafka) {
        return new WaitingReport(
                        held,
                        record -> "id-" + record.offset(),
                        () -> kafka,
                        tenant -> Optional.empty(),
                        () -> SampleEvents.NOW)
                .oldest(10);
    }

    @Test
    void oldest_comesFirst_andItsAgeIsTold() {
        events.event(1, "a", 5);
        HeldEvent oldest = events.event(2, "b", 7);
        events.event(3, "c", -2);

        assertThat(held.oldestAge(SampleEvents.NOW)).isEqualTo(Duration.ofSeconds(7));
        assertThat(report(Optional.empty()).path("events").findValuesAsText("event_id"))
                .containsExactly("id-2", "id-1", "id-3");
        assertThat(report(Optional.empty()).at("/events/2/age_ms").asLong())
                .as("a clock that is ahead")
                .isZero();

        held.remove(oldest);
        assertThat(held.oldestAge(SampleEvents.NOW)).isEqualTo(Duration.ofSeconds(5));
        assertThat(held.size()).isEqualTo(2);
    }

    @Test
    void none_isNoAge() {
        assertThat(held.oldestAge(SampleEvents.NOW)).isZero();
        assertThat(report(Optional.empty()).path("events")).isEmpty();
    }

    /** The same record again, for a partition that left and came back while its event was under way. */
    @Test
    void sameRecordTwice_isTwoEvents() {
        HeldEvent before = events.event(1, "a", 5);
        events.event(1, "a", 5);

        held.remove(before);
        held.remove(before);

        assertThat(held.size()).isEqualTo(1);
        assertThat(report(Optional.empty()).path("events")).hasSize(1);
    }

    @Test
    void eventWithNobodyBefore_waitsForAPlace() {
        events.event(1, "a", 9).waitsFor(new Wait.Lane());
        events.event(2, NO_KEY, 8).waitsFor(new Wait.Lane());
        events.event(3, NO_KEY, 7).waitsFor(new Wait.Lane());
        // Published earlier, taken later: the order of a lane is that of taking.
        events.event(4, "a", 10);

        assertThat(report(Optional.empty()).path("events"))
                .filteredOn(row -> row.at("/step/kind").asText().equals("lane"))
                .hasSize(3)
                .allSatisfy(row -> assertThat(row.at("/step/text").asText()).startsWith("waits for a place"));
    }

    @Test
    void commit_saysWhyItTakesLong() {
        HeldEvent event = events.event(1, "a", 9);
        event.at(new RouteStep("reply", "note-reply"));
        event.waitsFor(new Wait.Commit());

        assertThat(report(Optional.empty()).at("/events/0/step/text").asText()).isEqualTo("waits for its commit");
        assertThat(report(Optional.of("no broker answers"))
                        .at("/events/0/step/text")
                        .asText())
                .isEqualTo("waits for its commit: no broker answers");

        event.goesOn();
        assertThat(report(Optional.empty()).at("/events/0/step/text").asText())
                .isEqualTo("at step note-reply of route reply");
    }

    /** What cannot be counted in milliseconds must not keep the others from being told of. */
    @Test
    void deadlineThatIsFarOff_isToldAsFarAsItCanBe() {
        events.event(1, "a", 9).seen("default", Instant.MAX);
        events.event(2, "b", 8).seen("default", Instant.MIN);

        JsonNode report = report(Optional.empty());

        assertThat(report.at("/events/0/left_ms").asLong()).isEqualTo(Long.MAX_VALUE);
        assertThat(report.at("/events/1/left_ms").asLong()).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void secretsInNames_areMasked() {
        HeldEvent event = events.event(1, "password=hunter2-PRIVATE", 9);
        event.named("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.PRIVATE-signature");

        assertThat(report(Optional.empty()).toString()).doesNotContain("PRIVATE", "hunter2");
    }

    @Test
    void ages_areForPeople() {
        assertThat(List.of(
                                Duration.ZERO,
                                Duration.ofMillis(1_250),
                                Duration.ofSeconds(59),
                                Duration.ofSeconds(61),
                                Duration.ofMinutes(61),
                                Duration.ofDays(1),
                                Duration.ofDays(328),
                                Duration.ofSeconds(-61))
                        .stream()
                        .map(Elapsed::inTwoUnits))
                .containsExactly("0.0 s", "1.2 s", "59 s", "1 min 1 s", "1 h 1 min", "1 day", "328 days", "-1 min 1 s");
    }
}
