package dev.serai.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.ThreadMXBean;
import dev.serai.dialect.mapping.LookUp;
import dev.serai.dialect.mapping.Mapping;
import dev.serai.dialect.mapping.MappingContext;
import dev.serai.dialect.mapping.MappingDefaults;
import dev.serai.dialect.mapping.MappingResult;
import dev.serai.dialect.mapping.MappingSample;
import dev.serai.dialect.mapping.NumberDigest;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Measures how many contact-centre events one core maps: the samples that become events, through each shipped mapping. */
final class MappingRun {
    static final Path MAPPINGS = Path.of("config/mappings");
    static final Path SAMPLES = Path.of("src/test/resources/mappings");

    private static final String ENDING = ".jsonata";

    private MappingRun() {}

    /**
     * What one mapping takes.
     *
     * @param cpu of the one thread
     */
    record Cost(String mapping, int records, int events, Duration cpu) {
        double eventsPerMinute() {
            return events / (cpu.toNanos() / 60e9);
        }

        ObjectNode json() {
            return Json.MAPPER
                    .createObjectNode()
                    .put("mapping", mapping)
                    .put("records", records)
                    .put("events", events)
                    .put("events_per_minute_and_core", eventsPerMinute());
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "mapping %s, %,d records: %,.0f events a minute on one core, %.0f µs of CPU per event",
                    mapping,
                    records,
                    eventsPerMinute(),
                    cpu.toNanos() / 1e3 / events);
        }
    }

    /**
     * Measures each, the slowest first.
     *
     * @param records through each mapping; as many again before them, to warm up
     */
    static List<Cost> measure(int records) throws Exception {
        List<Cost> costs = new ArrayList<>();
        for (String name : names()) {
            Mapping mapping = Mapping.load(
                    MAPPINGS.resolve(name + ENDING),
                    new MappingContext(
                            LookUp.none(),
                            NumberDigest.of(Base64.getEncoder().encodeToString(new byte[32])),
                            "DE",
                            new MappingDefaults("guide", null, Duration.ofSeconds(30))));
            List<OriginalRecord> samples = samples(name, mapping);
            if (!samples.isEmpty()) {
                pass(name, mapping, samples, records);
                costs.add(pass(name, mapping, samples, records));
            }
        }
        costs.sort(Comparator.comparingDouble(Cost::eventsPerMinute));
        return costs;
    }

    private static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(MAPPINGS)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ENDING))
                    .map(name -> name.substring(0, name.length() - ENDING.length()))
                    .sorted()
                    .toList();
        }
    }

    private static List<OriginalRecord> samples(String name, Mapping mapping) throws Exception {
        List<OriginalRecord> records = new ArrayList<>();
        for (MappingSample sample : MappingSample.in(SAMPLES.resolve(name))) {
            OriginalRecord record = sample.record();
            if (events(mapping, record) > 0) {
                records.add(record);
            }
        }
        return records;
    }

    private static int events(Mapping mapping, OriginalRecord record) {
        return mapping.map(record) instanceof MappingResult.Mapped mapped
                ? mapped.events().size()
                : 0;
    }

    private static Cost pass(String name, Mapping mapping, List<OriginalRecord> samples, int records) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        int events = 0;
        for (int i = 0; i < records; i++) {
            events += events(mapping, samples.get(i % samples.size()));
        }
        return new Cost(name, records, events, Duration.ofNanos(threads.getCurrentThreadCpuTime() - before));
    }
}
