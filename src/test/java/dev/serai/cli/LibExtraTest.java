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
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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

    private Path jar() throws IOException {
        Path source = write(folder.resolve("source/extra/GreetingComponent.java"), COMPONENT);
        Path classes = Files.createDirectories(folder.resolve("classes"));
        int failed = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-cp",
                        JavaProcess.classPath(),
                        "-proc:none",
                        "-d",
                        classes.toString(),
                        source.toString());
        assertThat(failed).isZero();
        Path extra = Files.createDirectories(folder.resolve("lib-extra"));
        try (var jar = new JarOutputStream(Files.newOutputStream(extra.resolve("greeting.jar")))) {
            for (String name : new String[] {"GreetingComponent", "GreetingComponent$ToJson"}) {
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
