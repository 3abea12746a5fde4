package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.Serai;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.RouteFiles;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user puts into {@code lib-extra}, which the launcher has on the class path, can be used in routes, without a build. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
@LeftToCi
class LibExtraTest {
    /** A component and a processor; all that is needed of Camel comes with Serai. */
    private static final String COMPONENT = """
            package extra;
            import java.util.Map;
            import org.apache.camel.*;
            import org.apache.camel.support.*;
            public class GreetingComponent extends DefaultComponent {
                @Override
                protected Endpoint createEndpoint(String uri, String name, Map<String, Object> parameters) {
                    return new ProcessorEndpoint(uri, this, exchange -> exchange.getMessage().setBody(name));
                }
                public static class ToJson implements Processor {
                    @Override
                    public void process(Exchange exchange) {
                        exchange.getMessage().setBody(Map.of("text", "Says " + exchange.getMessage().getBody()));
                    }
                }
            }
            """;

    private static final String ROUTE = """
            - route:
                id: enrich-greeting
                errorHandler:
                  noErrorHandler: {}
                from:
                  uri: direct:enrich-greeting
                  steps:
                    - to: greeting:hello
                    - process:
                        ref: "#class:extra.GreetingComponent$ToJson"
            """;

    @TempDir
    Path folder;

    @Test
    void componentAndStepOfAJar_areUsedByARoute() throws Exception {
        Path extra = jar();
        Path routes = RouteFiles.copyWith(Map.of());
        Files.writeString(routes.resolve("enrich-greeting.camel.yaml"), ROUTE);
        Path samples = folder.resolve("samples");
        write(samples.resolve("events/one.json"), "{\"event_id\":\"e\",\"character_id\":\"c\",\"ttl_ms\":100000}");
        write(samples.resolve("expected/one.json"), """
                {"about": "a source in a jar", "key": "k", "reply": {"status": "started"},
                 "call": {"character_id": "c", "dynamic_info": {"text": "Says hello"}}}
                """);
        write(samples.resolve("application.properties"), """
                serai.routes-dir=%s
                serai.sources.greeting.type=route
                serai.sources.greeting.route=enrich-greeting
                serai.enrich.dynamic-info-source=greeting
                """.formatted(routes));

        try (var demo = JavaProcess.start(
                JavaProcess.classPath() + File.pathSeparator + extra + "/*",
                Serai.class,
                "demo",
                "--samples",
                samples.toString())) {
            String out = demo.readToEnd();

            assertThat(demo.exitCode()).as(out).isZero();
            assertThat(out).contains("1 of 1 sample came");
        }
    }

    /** As with a jar whose own dependencies were not put beside it. */
    @ParameterizedTest
    @ValueSource(strings = {"run", "check"})
    void stepWhoseSuperclassIsInNoJar_isAMistakeOfTheRoute_andTheProcessEnds(String command) throws Exception {
        write(folder.resolve("source/extra/Base.java"), "package extra; public class Base {}");
        Path step = write(folder.resolve("source/extra/Step.java"), """
                package extra;
                import org.apache.camel.*;
                public class Step extends Base implements Processor {
                    @Override
                    public void process(Exchange exchange) {}
                }
                """);
        Path extra = jar(step, "Step");
        Path routes = RouteFiles.copyWith(Map.of());
        Files.writeString(routes.resolve("enrich-step.camel.yaml"), """
                - route:
                    id: enrich-step
                    from:
                      uri: direct:enrich-step
                      steps:
                        - process:
                            ref: "#class:extra.Step"
                """);
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(List.of("--config", "/dev/null", "--set", "serai.routes-dir=" + routes));
        arguments.addAll(List.of("--set", "serai.embedded.port=0", "--set", "serai.http.port=0"));
        arguments.addAll(List.of("--set", "serai.data-dir=" + folder.resolve("data")));

        try (var process = JavaProcess.start(
                JavaProcess.classPath() + File.pathSeparator + extra + "/*",
                Serai.class,
                arguments.toArray(String[]::new))) {
            assertThat(process.exitCode()).as(process.errors()).isEqualTo(ExitCode.INVALID_SETTINGS);
            assertThat(process.readToEnd() + process.errors())
                    .contains(
                            "enrich-step",
                            "the class extra.Step cannot be loaded",
                            "there is no class extra.Base on the class path")
                    .doesNotContain("\tat ");
        }
    }

    private Path jar() throws IOException {
        Path source = write(folder.resolve("source/extra/GreetingComponent.java"), COMPONENT);
        return jar(source, "GreetingComponent", "GreetingComponent$ToJson");
    }

    /** Of these classes and no others. */
    private Path jar(Path source, String... names) throws IOException {
        Path classes = Files.createDirectories(folder.resolve("classes"));
        int failed = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-cp",
                        JavaProcess.classPath(),
                        "-sourcepath",
                        folder.resolve("source").toString(),
                        "-proc:none",
                        "-d",
                        classes.toString(),
                        source.toString());
        assertThat(failed).isZero();
        Path extra = Files.createDirectories(folder.resolve("lib-extra"));
        try (var jar = new JarOutputStream(Files.newOutputStream(extra.resolve("greeting.jar")))) {
            for (String name : names) {
                String entry = "extra/" + name + ".class";
                jar.putNextEntry(new JarEntry(entry));
                jar.write(Files.readAllBytes(classes.resolve(entry)));
            }
            jar.putNextEntry(new JarEntry("META-INF/services/org/apache/camel/component/greeting"));
            jar.write("class=extra.GreetingComponent\n".getBytes(StandardCharsets.UTF_8));
        }
        return extra;
    }

    private static Path write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
