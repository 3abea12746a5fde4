package dev.serai.trial.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class StandInLifeCycleTest {

    @Test
    void standIn_listensOnLoopbackAndAFreePort() {
        try (StandIn standIn = StandIn.start(StandInOptions.defaults())) {
            assertThat(standIn.port()).isPositive();
            assertThat(standIn.baseUrl()).hasToString("http://127.0.0.1:" + standIn.port());
        }
    }

    @Test
    void standInOnAnyAddress_isReachedByItsBaseUrl() throws IOException {
        try (StandIn standIn = StandIn.start(StandInOptions.defaults().withHost("0.0.0.0"));
                StandInClient client = new StandInClient(standIn)) {
            assertThat(client.get("/_standin/health").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void portInUse_isSaidWithHostAndPort() {
        try (StandIn first = StandIn.start(StandInOptions.defaults())) {
            StandInOptions samePort = StandInOptions.defaults().withPort(first.port());

            assertThatThrownBy(() -> StandIn.start(samePort))
                    .isInstanceOf(StandInException.class)
                    .hasMessageStartingWith("the stand-in cannot listen on 127.0.0.1:" + first.port())
                    .hasMessageContaining("already in use");
        }
    }

    @Test
    void closedStandIn_freesItsPort() {
        StandIn first = StandIn.start(StandInOptions.defaults());
        int port = first.port();
        first.close();

        try (StandIn second = StandIn.start(StandInOptions.defaults().withPort(port))) {
            assertThat(second.port()).isEqualTo(port);
        }
    }

    @Test
    void closingTwice_isFine() {
        StandIn standIn = StandIn.start(StandInOptions.defaults());

        standIn.close();
        standIn.close();
    }

    @Test
    void close_endsHangingCalls() throws IOException {
        StandIn standIn = StandIn.start(StandInOptions.defaults());
        try (StandInClient client = new StandInClient(standIn)) {
            standIn.script(FaultScript.always(Fault.hang()));
            try (Socket socket = client.rawConnect("ada")) {
                await().until(() -> standIn.calls().size() == 1);
                standIn.close();

                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void close_endsTheWaitForIt() throws InterruptedException {
        StandIn standIn = StandIn.start(StandInOptions.defaults());
        Thread.startVirtualThread(standIn::close);

        standIn.awaitClose();

        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), standIn.port()).close())
                .isInstanceOf(IOException.class);
    }

    @Test
    void optionsAsText_showNoSecrets() {
        String text = StandInOptions.defaults()
                .withApiKey("key-1234567")
                .withOtherApiKeys(List.of("key-7654321"))
                .withTokenSecret("secret-89012345678901234567890123")
                .toString();

        assertThat(text)
                .contains("127.0.0.1")
                .doesNotContain("key-1234567", "key-7654321")
                .doesNotContain("secret-8901");
    }

    @Test
    void options_areKeptByEachWith() {
        StandInOptions changed = StandInOptions.defaults()
                .withHost("localhost")
                .withPort(1)
                .withApiKey("k")
                .withOtherApiKeys(List.of("o"))
                .withTokenIssuer("i")
                .withTokenSecret("s".repeat(32))
                .withTokenTtl(Duration.ofSeconds(1))
                .withRoomUrl(URI.create("ws://r"))
                .withDataDirectory(Path.of("d"))
                .withUnknownCharacters(Set.of("c"))
                .withCharacters(List.of(new ListedCharacter("l", "L", true)))
                .withSessionRules(SessionRules.defaults().withSecondCreate(SessionRules.SecondCreate.SAME_ROOM));

        assertThat(changed)
                .isEqualTo(new StandInOptions(
                        "localhost",
                        1,
                        "k",
                        List.of("o"),
                        "i",
                        "s".repeat(32),
                        Duration.ofSeconds(1),
                        URI.create("ws://r"),
                        Path.of("d"),
                        Set.of("c"),
                        List.of(new ListedCharacter("l", "L", true)),
                        SessionRules.defaults().withSecondCreate(SessionRules.SecondCreate.SAME_ROOM)));
    }

    @Test
    void optionsThatCannotWork_areRefusedWithoutTheirSecrets() {
        StandInOptions defaults = StandInOptions.defaults();

        assertThatThrownBy(() -> defaults.withPort(65536)).hasMessage("port must be from 0 to 65535, was 65536");
        assertThatThrownBy(() -> defaults.withApiKey(" ")).hasMessage("apiKey must not be blank");
        assertThatThrownBy(() -> defaults.withOtherApiKeys(List.of(" "))).hasMessage("otherApiKeys must not be blank");
        assertThatThrownBy(() -> defaults.withOtherApiKeys(List.of(defaults.apiKey())))
                .hasMessage("apiKey and otherApiKeys must differ from each other");
        assertThatThrownBy(
                        () -> defaults.withSessionRules(SessionRules.defaults().withIdleAfter(Duration.ZERO)))
                .hasMessage("idleAfter must be longer than nothing, was PT0S");
        assertThatThrownBy(() -> defaults.withTokenSecret("too short"))
                .hasMessage("tokenSecret must be at least 32 bytes, was 9");
        assertThatThrownBy(() -> defaults.withRoomUrl(URI.create("livekit:7880")))
                .hasMessage("roomUrl must be a URL such as ws://127.0.0.1:7880, was livekit:7880");
        assertThatThrownBy(() -> defaults.withTokenTtl(Duration.ofMillis(999)))
                .hasMessage("tokenTtl must be at least 1 s, was PT0.999S");
    }
}
