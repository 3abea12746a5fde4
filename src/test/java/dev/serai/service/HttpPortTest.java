package dev.serai.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.settings.Settings;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.RouteFiles;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.UnreachedBackends;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class HttpPortTest {
    private static final String HOST = "127.0.0.1";

    /** As the log names it after {@code Ready}, for whoever opens it. */
    @Test
    void authority_isWhatAUrlHas() {
        assertThat(new HttpPort("::1", 8080).authority()).isEqualTo("[::1]:8080");
        assertThat(new HttpPort(HOST, 8080).authority()).isEqualTo("127.0.0.1:8080");
    }

    @Test
    void portThatIsTaken_stopsTheStart() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Settings settings = Settings.load(
                    Map.of(),
                    null,
                    Map.of(
                            "serai.http.port",
                            Integer.toString(taken.getLocalPort()),
                            "serai.routes-dir",
                            RouteFiles.shippedFolder().toString(),
                            "serai.kafka.bootstrap-servers",
                            SharedBroker.bootstrapServers()));
            Backends backends = UnreachedBackends.at(SharedBroker.bootstrapServers());

            assertThatThrownBy(() -> SeraiService.start(settings, backends).close())
                    .isInstanceOf(ServiceStartException.class)
                    .hasMessage(
                            "serai.http.port: " + taken.getLocalPort() + " on 127.0.0.1 cannot be used: stop what uses"
                                    + " it, or set another one, or 0 for any that is free");
        }
    }

    @Test
    void anyPort_isFree_andNoneOfThoseForOutgoingConnections() throws Exception {
        HttpPort any = HttpPort.of(HOST, 0);

        any.requireFree();
        assertThat(any.number()).isBetween(20_000, 32_767);
        try (ServerSocket taken = new ServerSocket(any.number(), 1, InetAddress.getLoopbackAddress())) {
            assertThat(taken.isBound()).isTrue();
            assertThatThrownBy(any::requireFree).isInstanceOf(ServiceStartException.class);
        }
    }

    @Test
    void hostThatIsNoAddressOfThisMachine_isSaid() {
        assertThatThrownBy(() -> HttpPort.of("192.0.2.1", 0))
                .isInstanceOf(ServiceStartException.class)
                .hasMessageContaining("192.0.2.1")
                .hasMessageContaining("serai.http.host");
    }
}
