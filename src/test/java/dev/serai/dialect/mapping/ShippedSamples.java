package dev.serai.dialect.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.dialect.mapping.MappingResult.Mapped;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The mappings in {@code config/mappings}, and their samples. Stateless. */
final class ShippedSamples {
    static final Path MAPPINGS = Path.of("config/mappings");

    /** In the samples: who calls, and what is dialled; without the prefix, however they are written. */
    static final String CALLER = "4915110000001";

    static final String DIALLED = "498000000001";

    private static final Path SAMPLES = Path.of("src/test/resources/mappings");
    private static final String MAPPING = ".jsonata";
    private static final MappingContext CONTEXT = new MappingContext(LookUp.none(), null, "DE", defaults());

    /** Those of the samples' own context. */
    private static final Map<String, Mapping> SHIPPED = new ConcurrentHashMap<>();

    private ShippedSamples() {}

    /** @param files named by the kind of what they have, such as {@code start-inbound-call} */
    record Sample(String vendor, MappingSample files) {
        /** {@code start}, {@code end}, {@code ignored} or {@code malformed}. */
        String kind() {
            return files.name().substring(0, files.name().indexOf('-'));
        }

        @Override
        public String toString() {
            return vendor + "/" + files.name();
        }
    }

    static List<String> vendors() throws Exception {
        try (Stream<Path> files = Files.list(MAPPINGS)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(MAPPING))
                    .map(name -> name.substring(0, name.length() - MAPPING.length()))
                    .sorted()
                    .toList();
        }
    }

    static List<Sample> all() throws Exception {
        List<Sample> samples = new ArrayList<>();
        for (String vendor : vendors()) {
            samples.addAll(of(vendor));
        }
        return samples;
    }

    static List<Sample> of(String vendor) throws Exception {
        return MappingSample.in(SAMPLES.resolve(vendor)).stream()
                .map(files -> new Sample(vendor, files))
                .toList();
    }

    static Sample of(String vendor, String name) throws Exception {
        return of(vendor).stream()
                .filter(sample -> sample.files().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(vendor + " has no sample " + name));
    }

    /** Loaded once. */
    static Mapping mapping(String vendor) throws Exception {
        Mapping known = SHIPPED.get(vendor);
        if (known == null) {
            known = mapping(vendor, CONTEXT);
            SHIPPED.put(vendor, known);
        }
        return known;
    }

    static Mapping mapping(String vendor, MappingContext context) throws Exception {
        return Mapping.load(MAPPINGS.resolve(vendor + MAPPING), context);
    }

    /** As whoever follows the comments in the file changes it. */
    static Mapping changed(Path folder, String vendor, String from, String to, MappingContext context)
            throws Exception {
        String text = Files.readString(MAPPINGS.resolve(vendor + MAPPING));
        assertThat(text).contains(from);
        return Mapping.load(Files.writeString(folder.resolve(vendor + MAPPING), text.replace(from, to)), context);
    }

    /** As the samples' expected events have it. */
    static MappingContext context() {
        return CONTEXT;
    }

    static MappingDefaults defaults() {
        return new MappingDefaults("museum-guide", null, Duration.ofMinutes(2));
    }

    static List<MappedEvent> events(MappingResult result) {
        return result instanceof Mapped mapped ? mapped.events() : List.of();
    }

    /** Conversation and event id of each event. */
    static List<String> ids(MappingResult result) {
        return events(result).stream()
                .map(event -> event.conversationKey() + " "
                        + event.event().path("event_id").asText())
                .toList();
    }

    static List<String> ids(String vendor, String name) throws Exception {
        return ids(mapping(vendor).map(of(vendor, name).files().record()));
    }
}
