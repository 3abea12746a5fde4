package dev.serai.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Scenes and learners for every event, as files that Serai looks them up in, once for each. */
record SourceFiles(Path scenes, Path learners) {
    private static final List<String> THINGS = List.of("fountain", "staircase", "timetable");
    private static final String LESSONS = "has finished three of five lessons, and prefers short answers.";

    static SourceFiles write(Path folder, Events events) throws IOException {
        ObjectNode scenes = Json.MAPPER.createObjectNode();
        for (String scene : Events.scenes()) {
            ArrayNode elements = scenes.putArray(scene);
            for (String thing : THINGS) {
                elements.addObject()
                        .put("name", thing)
                        .put("description", "The " + thing + " of " + scene + ", which many visitors ask about.");
            }
        }
        ObjectNode learners = Json.MAPPER.createObjectNode();
        for (int conversation = 0; conversation < events.conversations(); conversation++) {
            String learner = Events.learner(conversation);
            learners.putObject(learner).put("text", learner + " " + LESSONS);
        }
        SourceFiles files = new SourceFiles(folder.resolve("scenes.json"), folder.resolve("learners.json"));
        Files.write(files.scenes(), Json.bytes(scenes));
        Files.write(files.learners(), Json.bytes(learners));
        return files;
    }

    /** Whether the provider was told of both. */
    static boolean areIn(String request) {
        return request.contains(THINGS.getFirst()) && request.contains(LESSONS);
    }

    /** Serai's settings for both, of which every answer stays in memory. */
    Stream<String> settings() {
        return Stream.of(
                "serai.enrich.scene-source=scenes",
                "serai.enrich.dynamic-info-source=learners",
                "serai.sources.scenes.type=file",
                "serai.sources.scenes.path=" + scenes,
                "serai.sources.scenes.cache-ttl=1h",
                "serai.sources.learners.type=file",
                "serai.sources.learners.path=" + learners,
                "serai.sources.learners.cache-ttl=1h",
                "serai.sources.learners.cache-entries=1000000");
    }
}
