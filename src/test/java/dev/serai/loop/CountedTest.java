package dev.serai.loop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CountedTest {
    @Test
    void one_isOne() {
        assertThat(Counted.text(0, "event")).isEqualTo("0 events");
        assertThat(Counted.text(1, "event")).isEqualTo("1 event");
        assertThat(Counted.text(2, "event")).isEqualTo("2 events");
        assertThat(Counted.text(1, "entry", "entries")).isEqualTo("1 entry");
        assertThat(Counted.text(5, "entry", "entries")).isEqualTo("5 entries");
    }
}
