package dev.serai.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LinkTest {
    private static final int NEVER_MILLIS = 300;
    private static final int SOON_MILLIS = 10_000;

    private ServerSocket echo;
    private Link link;

    @BeforeEach
    void open() throws IOException {
        echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
        link = Link.open(new FreePorts().next(), echo.getLocalPort());
    }

    @AfterEach
    void close() throws IOException {
        link.close();
        echo.close();
    }

    private void serve() {
        while (!echo.isClosed()) {
            try {
                Socket socket = echo.accept();
                Thread.ofVirtual().start(() -> echo(socket));
            } catch (IOException e) {
                assertThat(echo.isClosed()).as("closed when accepting fails").isTrue();
            }
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            // Reset: there is nobody left to answer.
        }
    }

    @Test
    void connection_carriesBothWays() throws IOException {
        try (Socket client = connected()) {
            send(client, "hello");

            assertThat(received(client, 5)).isEqualTo("hello");
        }
        await().until(() -> link.connections() == 0);
    }

    @Test
    void endOfOneDirection_letsTheOtherGoOn() throws IOException {
        try (Socket client = connected()) {
            send(client, "hello");
            client.shutdownOutput();

            assertThat(new String(client.getInputStream().readAllBytes(), UTF_8))
                    .isEqualTo("hello");
        }
    }

    @Test
    void heldUp_arrivesAfterTheCut() throws IOException {
        try (Socket client = carrying()) {
            link.cut(Link.Cut.HELD_UP);
            send(client, "b");
            assertNothingComes(client);
            try (Socket late = connected()) {
                send(late, "c");
                assertNothingComes(late);

                link.mend();

                assertThat(received(client, 1)).isEqualTo("b");
                assertThat(received(late, 1)).isEqualTo("c");
            }
        }
    }

    @Test
    void heldUp_closedMeanwhile_arrivesAfterTheCut() throws IOException {
        try (Socket client = carrying()) {
            link.cut(Link.Cut.HELD_UP);
            send(client, "b");
        }
        assertThat(link.connections()).isEqualTo(1);

        link.mend();

        await().until(() -> link.connections() == 0);
    }

    @Test
    void forgotten_isSilentForGood_andNewConnectionsPass() throws IOException {
        try (Socket client = carrying()) {
            link.cut(Link.Cut.FORGOTTEN);
            send(client, "b");
            try (Socket late = connected()) {
                send(late, "c");
                assertNothingComes(late);

                link.mend();

                assertThat(received(late, 1)).isEqualTo("c");
            }
            send(client, "d");
            assertNothingComes(client);
        }
    }

    @Test
    void reset_hitsOpenAndNewConnections_untilItIsMended() throws IOException {
        try (Socket client = carrying()) {
            link.cut(Link.Cut.RESET);

            assertThatExceptionOfType(SocketException.class).isThrownBy(() -> received(client, 1));
        }
        try (Socket late = connected()) {
            assertThatExceptionOfType(SocketException.class).isThrownBy(() -> received(late, 1));
        }
        link.mend();
        assertPasses();
    }

    @Test
    void refused_hitsOpenAndNewConnections_untilItIsMended() throws IOException {
        try (Socket client = carrying()) {
            link.cut(Link.Cut.REFUSED);

            assertThatExceptionOfType(SocketException.class).isThrownBy(() -> received(client, 1));
        }
        assertThatExceptionOfType(ConnectException.class).isThrownBy(this::connected);
        link.mend();
        assertPasses();
    }

    @Test
    void targetThatDoesNotListen_resetsTheConnection() throws IOException {
        // Its port is taken, so that no server of another test comes to listen there.
        try (Socket silent = new Socket()) {
            silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (Link nowhere = Link.open(new FreePorts().next(), silent.getLocalPort());
                    Socket client = new Socket(InetAddress.getLoopbackAddress(), nowhere.port())) {
                assertThatExceptionOfType(SocketException.class).isThrownBy(() -> received(client, 1));
            }
        }
    }

    private void assertPasses() throws IOException {
        try (Socket client = connected()) {
            send(client, "again");
            assertThat(received(client, 5)).isEqualTo("again");
        }
    }

    private Socket connected() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), link.port());
    }

    /** One that has carried something both ways. */
    private Socket carrying() throws IOException {
        Socket client = connected();
        send(client, "a");
        assertThat(received(client, 1)).isEqualTo("a");
        return client;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(UTF_8));
    }

    private static String received(Socket socket, int bytes) throws IOException {
        socket.setSoTimeout(SOON_MILLIS);
        return new String(socket.getInputStream().readNBytes(bytes), UTF_8);
    }

    private static void assertNothingComes(Socket socket) throws IOException {
        socket.setSoTimeout(NEVER_MILLIS);
        assertThatExceptionOfType(SocketTimeoutException.class)
                .isThrownBy(() -> socket.getInputStream().read());
    }
}
