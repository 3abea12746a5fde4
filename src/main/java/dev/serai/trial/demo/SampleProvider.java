package dev.serai.trial.demo;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.serai.trial.standin.StandInOptions;
import dev.serai.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** The stand-in with a folder's scenes, customers and unknown characters. */
public final class SampleProvider {
    /** The project's own samples, from its folder on. */
    public static final Path FOLDER = Path.of("config", "demo", "provider");

    private SampleProvider() {}

    /**
     * With the samples of a folder, none of which need be there.
     *
     * @throws IOException if {@code unknown-characters.json} is no array of strings
     */
    public static StandInOptions options(Path folder) throws IOException {
        StandInOptions options = StandInOptions.defaults();
        if (!Files.isDirectory(folder)) {
            return options;
        }
        Path unknownCharacters = folder.resolve("unknown-characters.json");
        return options.withDataDirectory(folder)
                .withUnknownCharacters(
                        Files.exists(unknownCharacters)
                                ? Json.MAPPER.readValue(
                                        Files.readAllBytes(unknownCharacters), new TypeReference<Set<String>>() {})
                                : Set.of());
    }
}
