package dev.serai.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.route.RouteFolder;
import dev.serai.settings.Settings;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.RouteFiles;
import dev.serai.testing.UnreachedBackends;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a check does not do; {@code CheckCommandTest} has what it says. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class ServiceCheckTest {
    /** Also those that say themselves that they are to start. */
    @Test
    void routesThatAreMadeForACheck_doNotStart() throws Exception {
        Path folder = RouteFiles.copyWith(Map.of());
        Files.writeString(folder.resolve("mine.camel.yaml"), """
                - route:
                    id: mine
                    autoStartup: "true"
                    from:
                      uri: timer:mine
                      steps:
                        - log: ticks
                """);
        Settings settings = Settings.load(
                Map.of(),
                null,
                Map.of(
                        "serai.kafka.bootstrap-servers", "127.0.0.1:1",
                        "serai.routes-dir", folder.toString(),
                        "camel.main.autoStartup", "true"));
        Backends backends = UnreachedBackends.at("127.0.0.1:1");
        try (SeraiService service = new SeraiService(settings, backends)) {
            service.loadForCheck(new RouteFolder(folder));
            service.buildRoutes();

            CamelContext context = service.camelContext();
            assertThat(context.getRoutes()).extracting(Route::getId).contains("mine", "start-conversation", "connect");
            assertThat(context.getRoutes())
                    .allSatisfy(route -> assertThat(context.getRouteController().getRouteStatus(route.getId()))
                            .as(route.getId())
                            .matches(status -> status == null || !status.isStarted()));
        }
    }
}
