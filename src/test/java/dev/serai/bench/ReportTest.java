package dev.serai.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static Measured measured(Contender contender, double eventsPerSecond, Measured.@Nullable Rest rest) {
        return new Measured(contender, 100_000, eventsPerSecond, 0.5, 0.25, 0.125, null, 512, 7, 0, 0, rest);
    }

    @Test
    void tables_holdRatiosToTheYardsticks() {
        ResultTable table = new ResultTable(List.of(
                measured(Contender.BARE, 4_000, new Measured.Rest(4.56, 12)), measured(Contender.SERAI, 3_000, null)));

        assertThat(table.underLoad()).hasSize(4);
        assertThat(table.underLoad().get(1)).startsWith("| ---").endsWith("-: |");
        assertThat(table.underLoad().getLast())
                .containsPattern("\\| serai +\\| 100,000 \\| +3,000 \\| +0\\.75 \\| +– \\| +512 \\| +0\\.50 \\|");
        assertThat(table.atRest().get(2)).containsPattern("\\| bare +\\| +4\\.6 \\| +12\\.0 \\| +– \\|");
        assertThat(table.atRest().getLast()).containsPattern("\\| serai +\\| +– \\| +– \\|");
        assertThat(table.atRest())
                .extracting(String::length)
                .containsOnly(table.atRest().getFirst().length());
    }

    @Test
    void turns_comeToTheirMediansInThePlansOrder() {
        Report report = report();
        for (double eventsPerSecond : new double[] {1_000, 3_000, 2_900}) {
            report.add(measured(Contender.BARE, eventsPerSecond, new Measured.Rest(eventsPerSecond / 1_000, 9)));
            report.add(measured(Contender.SERAI, 2 * eventsPerSecond, null));
        }

        assertThat(report.medians())
                .containsExactly(
                        measured(Contender.SERAI, 5_800, null),
                        measured(Contender.BARE, 2_900, new Measured.Rest(2.9, 9)));
    }

    @Test
    void json_holdsEverySingleTurn() {
        Report report = report();
        report.add(measured(Contender.BARE, 1_000, new Measured.Rest(4.5, 9)));
        report.add(measured(Contender.BARE, 3_000, new Measured.Rest(5.5, 9)));

        ObjectNode json = report.json(Instant.EPOCH);

        assertThat(json.at("/finished_at").textValue()).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(json.at("/plan/in_flight").intValue()).isEqualTo(512);
        assertThat(json.at("/turns")).hasSize(2);
        assertThat(json.at("/turns/1/events_per_second").doubleValue()).isEqualTo(3_000);
        assertThat(json.at("/medians/0/contender").textValue()).isEqualTo("bare");
        assertThat(json.at("/medians/0/rest/median_millis").doubleValue()).isEqualTo(5);
        assertThat(json.at("/conditions").toString()).contains("-Xmx1g", "100,000 events");
    }

    private static Report report() {
        return new Report(
                new Plan(
                        100_000,
                        20_000,
                        20_000,
                        Duration.ofMillis(100),
                        512,
                        8,
                        List.of(Contender.SERAI, Contender.BARE),
                        0,
                        2,
                        300,
                        Duration.ofSeconds(30)),
                List.of("-Xmx1g"));
    }
}
