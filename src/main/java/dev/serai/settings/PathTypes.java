package dev.serai.settings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Files and directories; relative paths are relative to the working directory, see {@link Home}. */
final class PathTypes {
    /** As Linux has it. */
    private static final int MOST_LINKS = 40;

    private PathTypes() {}

    static SettingType<Path> directory() {
        return SettingType.of("directory", "", text -> {
                    Path path = path(text);
                    if (Files.exists(path) && !Files.isDirectory(path)) {
                        throw new BadValueException("must be a directory, and is a file");
                    }
                    return path;
                })
                .ofPaths();
    }

    static SettingType<Path> readableFile() {
        return SettingType.of("file", "must exist", text -> {
                    Path path = path(text);
                    checkReadable(path);
                    return path;
                })
                .ofPaths();
    }

    /** A file that {@link Properties#load(java.io.InputStream)} reads, as Kafka's own tools do. */
    static SettingType<Path> propertiesFile() {
        return SettingType.of("file", "must exist", text -> {
                    Path path = path(text);
                    checkReadable(path);
                    try (InputStream properties = Files.newInputStream(path)) {
                        new Properties().load(properties);
                    } catch (IOException e) {
                        throw new BadValueException("must be a file that can be read");
                    } catch (IllegalArgumentException e) {
                        throw new BadValueException(
                                "must be a file of properties as Java reads them, and has a \\u without"
                                        + " four hexadecimal digits");
                    }
                    return path;
                })
                .ofPaths();
    }

    /** A file that is read as JSON or CSV, whichever its name says. */
    static SettingType<Path> dataFile() {
        return SettingType.of("file", "must exist; `.json` or `.csv`", text -> {
                    Path path = path(text);
                    if (!isCsv(path) && !hasEnd(path, ".json")) {
                        throw new BadValueException("must be a file whose name ends with .json or .csv");
                    }
                    checkReadable(path);
                    return path;
                })
                .ofPaths();
    }

    static boolean isCsv(Path path) {
        return hasEnd(path, ".csv");
    }

    private static boolean hasEnd(Path path, String end) {
        return path.toString().toLowerCase(Locale.ROOT).endsWith(end);
    }

    static Path path(String text) throws BadValueException {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new BadValueException("must be a path");
        }
    }

    /** Where a relative path was looked for, to be added to a message; empty for an absolute one and what is no path. */
    static String meant(String text) {
        try {
            Path path = Path.of(text);
            return path.isAbsolute()
                    ? ""
                    : ", which is " + path.toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            return "";
        }
    }

    /** Whether both are one file, or will be one when it is made. */
    static boolean isSame(Path one, Path other) {
        try {
            return real(one).equals(real(other))
                    || (Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other));
        } catch (IOException e) {
            // Whoever uses them will say so.
            return false;
        }
    }

    /** Without links and detours, as far as there is something; what is not made yet comes behind that, as it is written. */
    static Path real(Path path) {
        Path there = path.toAbsolutePath();
        Path missing = Path.of("");
        for (int links = 0; links < MOST_LINKS; ) {
            try {
                Path made = there.toRealPath().resolve(missing).normalize();
                return Files.exists(made) ? made.toRealPath() : made;
            } catch (IOException e) {
                Path name = there.getFileName();
                if (name == null) {
                    break;
                }
                Path link = linked(there);
                if (link != null) {
                    there = link;
                    links++;
                } else {
                    missing = name.resolve(missing);
                    there = there.resolveSibling("");
                }
            }
        }
        return path.toAbsolutePath().normalize();
    }

    /** Where a link leads, also to what is not there; null if it is none. */
    private static @Nullable Path linked(Path path) {
        try {
            return path.resolveSibling(Files.readSymbolicLink(path));
        } catch (IOException | UnsupportedOperationException e) {
            return null;
        }
    }

    static void checkReadable(Path path) throws BadValueException {
        if (!Files.exists(path)) {
            throw new BadValueException("must be a file that exists");
        }
        if (Files.isDirectory(path) || !Files.isReadable(path)) {
            throw new BadValueException("must be a file that can be read");
        }
    }
}
