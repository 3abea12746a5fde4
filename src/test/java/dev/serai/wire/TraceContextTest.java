package dev.serai.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What W3C's Trace Context calls valid goes on as it is, and nothing else. */
@Timeout(120)
class TraceContextTest {
    private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    @ParameterizedTest
    @ValueSource(
            strings = {
                PARENT,
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
                "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-the-future-will-be-like"
            })
    void validParent_goesOn(String parent) {
        assertThat(TraceContext.of(parent, null)).contains(new TraceContext(parent, null));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\nX-API-Key: x",
                "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-a\r\nX-API-Key: x",
                " 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
            })
    void anythingElse_isNoTrace(@Nullable String parent) {
        assertThat(TraceContext.of(parent, "vendor=1")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"vendor=1", "a=1,b=2", "a=1 , b=2", "tenant@vendor=t61rcWkgMzE", "a=x y", "a=1,,b=2", "0@a=1"})
    void validState_goesOn(String state) {
        assertThat(TraceContext.of(PARENT, state)).contains(new TraceContext(PARENT, state));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a", "=1", "A=1", "a=1\r\nX-API-Key: x", "a=é", "a=b=c", "a\t=1"})
    void anyOtherState_isLeftOut(String state) {
        assertThat(TraceContext.of(PARENT, state)).contains(new TraceContext(PARENT, null));
    }

    @Test
    void stateThatIsTooLong_isLeftOut() {
        String members = IntStream.range(0, 33).mapToObj(i -> "a" + i + "=1").collect(Collectors.joining(","));

        assertThat(TraceContext.of(PARENT, members)).contains(new TraceContext(PARENT, null));
        assertThat(TraceContext.of(PARENT, "a=" + "x".repeat(511))).contains(new TraceContext(PARENT, null));
    }
}
