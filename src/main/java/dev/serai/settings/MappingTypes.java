package dev.serai.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Mappings of intakes: those that Serai comes with, in its own folder, and files of users. */
final class MappingTypes {
    /** Where those are that Serai comes with. */
    private static final Path MAPPINGS = Path.of("config", "mappings");

    private static final String MAPPING = ".jsonata";
    private static final Pattern NAME_OF_MAPPING = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

    private MappingTypes() {}

    /** A mapping that Serai comes with, by its name, or one in a file. */
    static SettingType<Path> mapping() {
        return SettingType.of("mapping", "name of a shipped one, or a file that exists", text -> {
                    boolean shipped = NAME_OF_MAPPING.matcher(text).matches();
                    Path path = shipped ? shippedMappings().resolve(text + MAPPING) : PathTypes.path(text);
                    if (shipped && !Files.exists(path)) {
                        throw new BadValueException(
                                "must be the name of a shipped mapping" + namesOfMappings() + " or the path of a file");
                    }
                    PathTypes.checkReadable(path);
                    return path;
                })
                .ofPaths(text -> !NAME_OF_MAPPING.matcher(text).matches())
                .writtenAs(path -> shippedMappings().equals(path.getParent())
                        ? path.getFileName().toString().replace(MAPPING, "")
                        : path.toString());
    }

    private static Path shippedMappings() {
        return Home.OF_PROCESS.resolve(MAPPINGS);
    }

    private static String namesOfMappings() {
        String[] files = shippedMappings().toFile().list((folder, name) -> name.endsWith(MAPPING));
        return files == null || files.length == 0
                ? ""
                : Arrays.stream(files)
                        .map(file -> file.replace(MAPPING, ""))
                        .sorted()
                        .collect(Collectors.joining(", ", " (", ")"));
    }
}
