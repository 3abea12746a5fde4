package dev.serai.cli;

import dev.serai.testing.RouteFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The demo's samples, on the routes that Serai comes with. */
final class DemoSamples {
    private static final Path SAMPLES = Path.of("config", "demo");

    private DemoSamples() {}

    /** A line of settings: without it the demo runs on what is in the folder of routes, also of whoever runs the tests. */
    static String shippedRoutes() {
        return "serai.routes-dir=" + RouteFiles.shippedFolder() + "\n";
    }

    static void copyTo(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(SAMPLES)) {
            files.filter(Files::isRegularFile).forEach(file -> copy(file, folder.resolve(SAMPLES.relativize(file))));
        }
        Path settings = folder.resolve("application.properties");
        Files.writeString(settings, Files.readString(settings) + shippedRoutes());
    }

    private static void copy(Path file, Path copy) {
        try {
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
