package dev.serai.settings;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/** Files and directories; relative paths are relative to the working directory, see {@link Home}. */
final class PathTypes {
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

    static void checkReadable(Path path) throws BadValueException {
        if (!Files.exists(path)) {
            throw new BadValueException("must be a file that exists");
        }
        if (Files.isDirectory(path) || !Files.isReadable(path)) {
            throw new BadValueException("must be a file that can be read");
        }
    }
}
