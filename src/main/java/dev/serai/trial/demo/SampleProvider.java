package dev.serai.trial.demo;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.trial.standin.ListedCharacter;
import dev.serai.trial.standin.StandInOptions;
import dev.serai.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The stand-in with a folder's scenes, customers and unknown characters. */
public final class SampleProvider {
    /** The project's own samples, from its folder on. */
    public static final Path FOLDER = Path.of("config", "demo", "provider");

    private SampleProvider() {}

    /**
     * With the samples of a folder, none of which need be there.
     *
     * @throws IOException if {@code unknown-characters.json} is no array of strings, or {@code characters.json} no array of
     *     objects with a {@code character_id}
     */
    public static StandInOptions options(Path folder) throws IOException {
        StandInOptions options = StandInOptions.defaults();
        if (!Files.isDirectory(folder)) {
            return options;
        }
        return options.withDataDirectory(folder)
                .withUnknownCharacters(
                        read(folder.resolve("unknown-characters.json"), new TypeReference<>() {}, Set.of()))
                .withCharacters(characters(folder.resolve("characters.json")));
    }

    private static List<ListedCharacter> characters(Path file) throws IOException {
        List<ListedCharacter> characters = new ArrayList<>();
        for (JsonNode character : read(file, new TypeReference<List<JsonNode>>() {}, List.of())) {
            String id = character.path("character_id").textValue();
            if (id == null || id.isBlank()) {
                throw new IOException(file + ": each character needs a character_id, was " + character);
            }
            characters.add(new ListedCharacter(
                    id,
                    character.path("character_name").asText(id),
                    character.path("memory_settings").path("enabled").asBoolean()));
        }
        return characters;
    }

    private static <T> T read(Path file, TypeReference<T> type, T otherwise) throws IOException {
        return Files.exists(file) ? Json.MAPPER.readValue(Files.readAllBytes(file), type) : otherwise;
    }
}
