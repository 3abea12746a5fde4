package dev.serai.trial.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class FaultScriptTest {

    @Test
    void script_isForConnectAndAnyCharacterUnlessItSaysOtherwise() {
        assertThat(FaultScript.once(Fault.hang())).isEqualTo(new FaultScript("/connect", null, 1, Fault.hang()));
        assertThat(FaultScript.always(Fault.hang()).forCharacter("ada").onPath("/scenes/"))
                .isEqualTo(new FaultScript("/scenes/", "ada", null, Fault.hang()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "connect", "/_standin/calls"})
    void pathThatCannotBeFaulted_isRefused(String path) {
        assertThatThrownBy(() -> FaultScript.once(Fault.hang()).onPath(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must start with /");
    }

    @Test
    void noTimes_areRefused() {
        assertThatThrownBy(() -> FaultScript.times(0, Fault.hang())).hasMessageContaining("at least 1 time, was 0");
    }

    @Test
    void faultsThatCannotBePlayed_areRefused() {
        assertThatThrownBy(() -> Fault.status(199)).hasMessageContaining("200 to 599, was 199");
        assertThatThrownBy(() -> Fault.html(600)).hasMessageContaining("200 to 599, was 600");
        assertThatThrownBy(() -> new Fault.Status(500, "a", "b", null)).hasMessageContaining("not both");
        assertThatThrownBy(() -> Fault.status(503).withRetryAfter("1\r\nX: y")).hasMessageContaining("printable");
        assertThatThrownBy(() -> Fault.hang(Duration.ofMillis(-1))).hasMessageContaining("less than nothing");
        assertThatThrownBy(() -> new Fault.MissingFields(Set.of())).hasMessageContaining("at least one");
        assertThatThrownBy(() -> Fault.delay(Duration.ofMillis(2), Duration.ofMillis(1)))
                .hasMessageContaining("latency");
    }

    @Test
    void bookOfScripts_showsWhatIsLeft() {
        FaultBook book = new FaultBook();
        book.add(FaultScript.times(3, Fault.status(500)));
        book.add(FaultScript.always(Fault.hang()));

        assertThat(book.take("/connect", "ada")).isEqualTo(Fault.status(500));

        assertThat(book.left())
                .containsExactly(FaultScript.times(2, Fault.status(500)), FaultScript.always(Fault.hang()));
    }

    @Test
    void scriptOfACharacter_fitsNoCallWithoutOne() {
        FaultBook book = new FaultBook();
        book.add(FaultScript.once(Fault.hang()).forCharacter("ada"));

        assertThat(book.take("/connect", null)).isNull();
        assertThat(book.take("/other", "ada")).isNull();
        assertThat(book.take("/connect", "ada")).isEqualTo(Fault.hang());
        assertThat(book.take("/connect", "ada")).isNull();
    }
}
