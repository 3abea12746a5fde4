package dev.serai.settings;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Serai's own folder, with {@code routes}, {@code config} and {@code data}: what is meant by a path that nobody has given,
 * and by those in a settings file that lies in it. What somebody types is relative to where it is typed. Immutable.
 *
 * @param path absolute
 */
public record Home(Path path) {
    /** The system property by which the launcher names it. */
    static final String PROPERTY = "serai.home";

    private static final Path WORKING_DIRECTORY = Path.of("").toAbsolutePath();

    /** That of this process. */
    public static final Home OF_PROCESS = find(System.getProperty(PROPERTY), code(), WORKING_DIRECTORY);

    /** Serai's own settings, from its folder. */
    private static final Path SETTINGS = Path.of("config", "application.properties");

    /**
     * The folder that is named; else the working directory if it has routes; else that of the jar or the one above it, if
     * that has; else the working directory.
     */
    static Home find(@Nullable String named, Path code, Path workingDirectory) {
        if (named != null) {
            return new Home(Path.of(named).toAbsolutePath());
        }
        Path jarFolder = code.toString().endsWith(".jar") ? code.getParent() : null;
        return Stream.of(workingDirectory, jarFolder, jarFolder == null ? null : jarFolder.getParent())
                .filter(Objects::nonNull)
                .filter(Home::hasRoutes)
                .findFirst()
                .map(Home::new)
                .orElseGet(() -> new Home(workingDirectory));
    }

    private static boolean hasRoutes(Path folder) {
        return Files.isRegularFile(folder.resolve("routes").resolve("start-conversation.camel.yaml"));
    }

    private static Path code() {
        CodeSource source = Home.class.getProtectionDomain().getCodeSource();
        try {
            return source == null
                    ? WORKING_DIRECTORY
                    : Path.of(source.getLocation().toURI());
        } catch (URISyntaxException | IllegalArgumentException e) {
            return WORKING_DIRECTORY;
        }
    }

    /** A path from this folder on, absolute or relative to the working directory; an absolute one stays as it is. */
    public Path resolve(Path fromHere) {
        return path.equals(WORKING_DIRECTORY) ? fromHere : path.resolve(fromHere);
    }

    /** The settings file that is read when none is named; it need not be there. */
    public Path settingsFile() {
        return resolve(SETTINGS);
    }

    /** Whether the file lies in this folder, so that the paths in it are meant from here on. */
    boolean holds(Path file) {
        return file.toAbsolutePath().normalize().startsWith(path.normalize());
    }
}
