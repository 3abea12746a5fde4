package dev.serai.testing;

import dev.serai.Serai;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import org.awaitility.Awaitility;

/**
 * The classes that a service loads, as the JVM keeps them: most of what a process does until it is ready is to load them,
 * and from an archive it takes three fifths of the processor time. Made once for the processes that the tests of this JVM
 * start, by a service that has no other purpose. Thread-safe.
 *
 * @param classPath that of this JVM, with its folders as jars, for no archive is made of classes in folders
 */
record ClassDataArchive(Path file, String classPath) {
    /** From JDK 25 on it holds them as they are once they are linked (JEP 514), which saves as much again. */
    private static final boolean LINKS_CLASSES = Runtime.version().feature() >= 25;

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final class Holder {
        static final ClassDataArchive ARCHIVE = make();
    }

    /** Waits for it when it is asked for the first time. */
    static ClassDataArchive ofThisJvm() {
        return Holder.ARCHIVE;
    }

    /** What the JVM has to say of its archive is not for who reads the process's output. */
    List<String> options() {
        return List.of("-Xlog:disable", (LINKS_CLASSES ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + file);
    }

    private static ClassDataArchive make() {
        try {
            Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "class-data");
            List<String> classPath = new ArrayList<>();
            for (String element : JavaProcess.classPath().split(File.pathSeparator, -1)) {
                // Surefire's class path ends in a separator; the working directory is not meant.
                if (element.isEmpty()) {
                    continue;
                }
                classPath.add(Files.isDirectory(Path.of(element)) ? jar(element, folder, classPath.size()) : element);
            }
            var archive =
                    new ClassDataArchive(folder.resolve("classes.archive"), String.join(File.pathSeparator, classPath));
            archive.train(folder);
            // A hundred megabytes.
            archive.file.toFile().deleteOnExit();
            return archive;
        } catch (IOException e) {
            throw new IllegalStateException("the archive of class data cannot be made", e);
        }
    }

    private static String jar(String classes, Path folder, int number) throws IOException {
        String file = folder.resolve("classes-" + number + ".jar").toString();
        int exitCode = ToolProvider.findFirst("jar")
                .orElseThrow()
                .run(System.out, System.err, "--create", "--no-compress", "--file", file, "-C", classes, ".");
        Path.of(file).toFile().deleteOnExit();
        if (exitCode != 0) {
            throw new IOException("jar ended with " + exitCode + " for " + classes);
        }
        return file;
    }

    /** The JVM writes it as it ends. */
    private void train(Path folder) throws IOException {
        try (var service = JavaProcess.startPlain(
                Path.of(""),
                List.of((LINKS_CLASSES ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + file, "-Xlog:disable"),
                classPath,
                Map.of("SERAI_ROUTES_DIR", RouteFiles.shippedFolder().toString()),
                Serai.class,
                JavaProcess.runOfItsOwn(folder.resolve("data")))) {
            Awaitility.await("service for the archive of class data")
                    .atMost(PATIENCE)
                    .failFast("the service has ended", service::hasEnded)
                    .until(() -> service.errors().contains("Ready: "));
            service.terminate();
            Awaitility.await("archive of class data").atMost(PATIENCE).until(service::hasEnded);
        }
        if (!Files.isRegularFile(file)) {
            throw new IOException("the JVM wrote no archive of class data to " + file);
        }
    }
}
