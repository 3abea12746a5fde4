package dev.serai.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.settings.SeraiSettings;
import dev.serai.settings.Settings;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.RawServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever listens where a service is to be: a command that asks it ends, and says what it met. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class ServicePortTest {
    @Test
    void answerThatNeverEnds_isGivenUp() throws Exception {
        try (RawServer other = new RawServer()) {
            other.answer(out -> {
                out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(US_ASCII));
                while (true) {
                    out.write("1\r\n \r\n".getBytes(US_ASCII));
                    out.flush();
                    pause();
                }
            });
            long begun = System.nanoTime();

            assertThatThrownBy(() -> port(other).waiting("limit=1"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("has not answered to the end within 10 s");

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
        }
    }

    @Test
    void answerWithoutBounds_isNotKept() throws Exception {
        byte[] chunk = ("100000\r\n" + " ".repeat(1 << 20) + "\r\n").getBytes(US_ASCII);
        try (RawServer other = new RawServer()) {
            other.answer(out -> {
                out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(US_ASCII));
                while (true) {
                    out.write(chunk);
                }
            });

            assertThatThrownBy(() -> port(other).waiting("limit=1"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("more than 67108864 bytes");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SSH-2.0-OpenSSH_9.6\n",
                "HTTP/1.1 200 OK\nContent-Length: 15\n\n<html>hi</html>",
                "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
                "HTTP/1.1 200 OK\nContent-Length: 13\n\n{\"events\": 1}",
                "HTTP/1.1 302 Found\nLocation: /\nContent-Length: 0\n\n"
            })
    void whatIsNoSerai_isToldWithItsAddress(String answer) throws Exception {
        try (RawServer other = new RawServer()) {
            other.answer(answer);

            assertThatThrownBy(() -> port(other).waiting("limit=1"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(other.uri().getAuthority());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "::1, [::1]:8080",
        "[::1], [::1]:8080",
        "[::], 127.0.0.1:8080",
        "::, 127.0.0.1:8080",
        "0.0.0.0, 127.0.0.1:8080",
        "localhost, localhost:8080"
    })
    void hostOfTheSettings_isAnAddress(String host, String address) throws Exception {
        SeraiSettings settings = Settings.load(
                        Map.of(), Path.of("/dev/null"), Map.of("serai.http.host", host, "serai.http.port", "8080"))
                .values();

        ServicePort port = ServicePort.of(settings.http()).orElseThrow();

        assertThat(port.address()).isEqualTo(address);
        assertThat(port.isAddress()).isTrue();
    }

    /** Of names that a URL cannot have, such as one with an underscore. */
    @Test
    void hostThatNoUrlCanHave_isSaid() {
        assertThatThrownBy(() -> new ServicePort("my_host:8080").waiting("limit=1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no service answers at my_host:8080");
    }

    private static ServicePort port(RawServer server) {
        return new ServicePort(server.uri().getAuthority());
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
