package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.batch.client.Progress;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobDisplayTest {
    @ParameterizedTest
    @CsvSource(
            value = {"20, '[#####...............] '", "8, '[##......] '", "4, '[#...] '", "3, ''", "-30, ''"},
            ignoreLeadingAndTrailingWhitespace = true)
    void bar_givesWayToTheFigures(int room, String bar) {
        Progress quarter = new Progress("j", "running", 8, 8, 2, 0, 2, Map.of(), null, null, null, null);

        assertThat(JobDisplay.bar(quarter, room)).isEqualTo(bar);
    }
}
