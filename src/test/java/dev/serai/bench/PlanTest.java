package dev.serai.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.cli.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PlanTest {
    @ParameterizedTest
    @CsvSource({
        "--events 9, --events must be at least 10",
        "--warm-up -1, --warm-up must be at least 0",
        "--in-flight 0, --in-flight must be at least 1",
        "--rate -1, --rate must be at least 0",
        "--rate 10 --warm-up 0, --rate needs a --warm-up of at least 1",
        "--repeat 0, --repeat must be at least 1",
        "--contenders fast, was fast",
        "'--contenders bare,bare', --contenders must differ",
        "--cpu-at-most 0, --cpu-at-most must be above 0",
        "--contenders serai --cpu-at-most 3, '--cpu-at-most needs bare and serai among --contenders, were [serai]'"
    })
    void mistake_isWrongUsageThatNamesTheOption(String options, String message) {
        StringWriter err = new StringWriter();

        int exitCode = Bench.commandLine().setErr(new PrintWriter(err, true)).execute(options.split(" ", -1));

        assertThat(exitCode).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(err.toString()).contains(message);
    }

    @Test
    void sequentialContender_getsWhatItCanAnswerInItsTime() {
        Plan plan = plan(100_000, 20_000, Duration.ofMillis(100));

        assertThat(plan.eventsOf(Contender.PLAIN_CAMEL)).isEqualTo(8 * 10 * 30);
        assertThat(plan.warmUpOf(Contender.PLAIN_CAMEL)).isEqualTo(8 * 10 * 30 / 4);
        assertThat(plan.eventsOf(Contender.BARE)).isEqualTo(100_000);
        assertThat(plan.warmUpOf(Contender.BARE)).isEqualTo(20_000);
    }

    @Test
    void sequentialContender_getsNoMoreThanAllEvents() {
        assertThat(plan(50, 5, Duration.ofMillis(100)).eventsOf(Contender.PLAIN_CAMEL))
                .isEqualTo(50);
        assertThat(plan(50, 5, Duration.ZERO).warmUpOf(Contender.PLAIN_CAMEL)).isEqualTo(5);
    }

    private static Plan plan(int events, int warmUp, Duration latency) {
        return new Plan(
                events,
                warmUp,
                20_000,
                latency,
                512,
                8,
                List.of(Contender.values()),
                0,
                1,
                300,
                Duration.ofSeconds(30));
    }
}
