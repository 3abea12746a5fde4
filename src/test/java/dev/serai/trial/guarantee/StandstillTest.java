package dev.serai.trial.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StandstillTest {
    private static final Instant START = Instant.parse("2026-01-31T10:00:00Z");

    @Test
    void noEvent_isNoStandstill() {
        assertThat(Standstill.longest(List.of(), calls(5))).isEmpty();
    }

    @Test
    void longestOfTheTimesBetweenCalls_isFound() {
        assertThat(Standstill.longest(List.of(wait(0, 100)), calls(10, 30, 90)))
                .contains(new Standstill(at(30), at(90)));
    }

    @Test
    void timeBeforeTheFirstCall_andAfterTheLast_count() {
        assertThat(Standstill.longest(List.of(wait(0, 100)), calls(60))).contains(new Standstill(at(0), at(60)));
        assertThat(Standstill.longest(List.of(wait(0, 100)), calls(20))).contains(new Standstill(at(20), at(100)));
    }

    @Test
    void timeInWhichNoEventWaits_doesNotCount() {
        assertThat(Standstill.longest(List.of(wait(0, 10), wait(500, 520)), calls(1, 505)))
                .contains(new Standstill(at(505), at(520)));
    }

    @Test
    void eventsThatRelieveEachOther_areOneTimeOfWaiting() {
        assertThat(Standstill.longest(List.of(wait(40, 100), wait(0, 50), wait(100, 130)), calls(10)))
                .contains(new Standstill(at(10), at(130)));
    }

    @Test
    void callsWhileNoEventWaits_doNotCount() {
        assertThat(Standstill.longest(List.of(wait(100, 200)), calls(10, 20, 150)))
                .contains(new Standstill(at(100), at(150)));
    }

    private static Standstill.Wait wait(int from, int until) {
        return new Standstill.Wait(at(from), at(until));
    }

    private static List<Instant> calls(int... at) {
        return IntStream.of(at).mapToObj(StandstillTest::at).toList();
    }

    private static Instant at(int seconds) {
        return START.plusSeconds(seconds);
    }
}
