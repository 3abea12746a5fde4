package dev.serai.routes;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.service.Backends;
import dev.serai.service.InvalidRoutesException;
import dev.serai.service.SeraiService;
import dev.serai.service.ServiceStartException;
import dev.serai.settings.Settings;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.RouteFiles;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.UnreachedBackends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sources that can never work as they are set keep the service from starting. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class SourceStartTest {
    @TempDir
    private Path directory;

    @Test
    void routeThatIsMissing_isNamed() {
        assertRefused(Map.of("type", "route", "route", "enrich-greeting"))
                .hasMessageContainingAll(
                        "serai.sources.odd.route: ",
                        "in the folder " + RouteFiles.shippedFolder() + " ",
                        "id enrich-greeting");
    }

    @Test
    void routeThatBeginsElsewhere_isNamed() throws IOException {
        for (Path file : RouteFiles.all()) {
            Files.copy(file, directory.resolve(file.getFileName()));
        }
        Files.writeString(directory.resolve("enrich-greeting.camel.yaml"), """
                - route:
                    id: enrich-greeting
                    from:
                      uri: direct
                      parameters:
                        name: greeting
                      steps:
                        - setBody:
                            constant: "{}"
                """);

        assertRefused(Map.of("type", "route", "route", "enrich-greeting", "routes-dir", directory.toString()))
                .hasMessageEndingWith("serai.sources.odd.route: the route enrich-greeting in the folder " + directory
                        + " must begin at direct:enrich-greeting, not at direct:greeting");
    }

    @Test
    void templateWithMistakes_isNamed() throws IOException {
        Path template = Files.writeString(directory.resolve("person.txt"), "Dear {{name");

        assertRefused(file("template", template))
                .hasMessageContainingAll("serai.sources.odd.template: " + template + " has mistakes:", "line 1");
    }

    @Test
    void templateThatIsNoText_isNamed() throws IOException {
        Path template = Files.write(directory.resolve("person.txt"), new byte[] {(byte) 0xc3});

        assertRefused(file("template", template))
                .hasMessage("serai.sources.odd.template: " + template
                        + " cannot be read as UTF-8: MalformedInputException");
    }

    @Test
    void fileWithMistakes_isNamed() throws IOException {
        Path people = Files.writeString(directory.resolve("people.json"), "PRIVATE");

        assertRefused(Map.of("type", "file", "path", people.toString()))
                .hasMessageStartingWith("serai.sources.odd.path: " + people + ", line 1 ")
                .hasMessageNotContaining("PRIVATE");
    }

    /** Each look-up would fail, or leave the line out. */
    @Test
    void csvWithoutTheColumnThatAnswersAreMadeOf_isNamed() throws IOException {
        Path people = Files.writeString(directory.resolve("people.csv"), "key,name,txt\nada,Ada,hello");
        Path template = Files.writeString(directory.resolve("person.txt"), "{{name}}\n{{city|somewhere}}\n{{visits}}");

        assertRefused(Map.of("type", "file", "path", people.toString()))
                .hasMessageStartingWith("serai.sources.odd.path: " + people + " must name a column \"text\"");
        assertRefused(Map.of("type", "file", "path", people.toString(), "template", template.toString()))
                .hasMessageStartingWith("serai.sources.odd.path: " + people + " must name a column \"visits\"");
    }

    @Test
    void databaseWithoutDriver_isNamed() {
        assertRefused(Map.of("type", "sql", "jdbc-url", "jdbc:nosuch:crm", "query", "select :#reference"))
                .hasMessage("serai.sources.odd.jdbc-url: no JDBC driver on the class path takes jdbc:nosuch:crm");
    }

    @Test
    void trustStoreThatIsNone_isNamed() throws IOException {
        Path trustStore = Files.writeString(directory.resolve("trusted.pem"), "nothing");

        assertRefused(Map.of("type", "http", "base-url", "https://crm.example", "trust-store", trustStore.toString()))
                .hasMessageStartingWith("cannot use the trust store " + trustStore + ": ");
    }

    private Map<String, String> file(String key, Path file) throws IOException {
        Path people = Files.writeString(directory.resolve("people.json"), "{}");
        return Map.of("type", "file", "path", people.toString(), key, file.toString());
    }

    /** @param source the settings of the source; and of the folder with routes, if it is another one */
    private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(Map<String, String> source) {
        Map<String, String> settings = new HashMap<>();
        settings.put("serai.routes-dir", RouteFiles.shippedFolder().toString());
        source.forEach((key, value) ->
                settings.put(key.equals("routes-dir") ? "serai.routes-dir" : "serai.sources.odd." + key, value));
        settings.put("serai.kafka.bootstrap-servers", SharedBroker.bootstrapServers());
        settings.put("serai.http.port", "0");
        settings.put("serai.enrich.dynamic-info-source", "odd");
        Backends backends = UnreachedBackends.at(SharedBroker.bootstrapServers());
        return assertThatThrownBy(() -> {
                    try (SeraiService unexpected =
                            SeraiService.start(Settings.load(Map.of(), null, settings), backends)) {
                        throw new AssertionError("started: " + unexpected.observeUri());
                    }
                })
                .isInstanceOfAny(InvalidRoutesException.class, ServiceStartException.class);
    }
}
