package dev.serai.dialect.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.testing.Tries;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.event.EventForm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Samples that were mutated, through the shipped mappings: no exception escapes, the same record becomes the same again, what
 * is made has the form that the service takes, and each rejection begins with a path. {@code -Dserai.test.mutations=100000}
 * runs as many; {@code -Dserai.test.seed} repeats a run.
 */
class MappingFuzzTest {
    private static final Path MAPPINGS = Path.of("config/mappings");
    private static final Path SAMPLES = Path.of("src/test/resources/mappings");
    private static final String ENDING = ".jsonata";
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "0",
            "INITIATED",
            "anonymous",
            "tel:+49",
            "sip:@",
            "{\"a\":",
            "[]",
            "\ud83d\ude00",
            "\u0000",
            "+0",
            "2026-11-20T09:15:02Z",
            "99999999999999999999",
            "x".repeat(600),
            "eyJhbGciOi",
            "-",
            "null",
            "\ud800");

    private final long seed = Long.getLong("serai.test.seed", new Random().nextLong());
    private final Random random = new Random(seed);

    private record Subject(Mapping mapping, OriginalRecord sample) {}

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void mutatedRecord_isMappedOrRejectedWithItsPath() throws Exception {
        int mutations = Integer.getInteger("serai.test.mutations", Tries.of(2_000));
        System.out.println("MappingFuzzTest: serai.test.seed=" + seed);
        List<Subject> subjects = subjects();
        EventForm form = new EventForm();
        int rejected = 0;
        int events = 0;
        for (int i = 0; i < mutations; i++) {
            Subject subject = subjects.get(random.nextInt(subjects.size()));
            OriginalRecord record = Mappings.record(
                    mutated(Objects.requireNonNull(subject.sample().value())));
            MappingResult result = subject.mapping().map(record);
            assertThat(subject.mapping().map(record)).isEqualTo(result);
            switch (result) {
                case MappingResult.Rejected failure -> {
                    rejected++;
                    assertThat(failure.reason())
                            .startsWith("/")
                            .contains(": ")
                            .doesNotContain("eyJhbGciOi")
                            .hasSizeLessThan(1_000);
                }
                case MappingResult.Mapped mapped -> {
                    events += mapped.events().size();
                    assertThat(mapped.events().size() + mapped.ignored().size()).isPositive();
                    for (MappedEvent event : mapped.events()) {
                        assertThat(event.conversationKey()).hasSizeBetween(1, 512);
                        assertThat(form.problems(event.event().deepCopy())).isEmpty();
                        assertThat(Json.isEncodable(event.event())).isTrue();
                    }
                }
            }
        }
        assertThat(rejected).isPositive();
        assertThat(events).isPositive();
    }

    private static List<Subject> subjects() throws Exception {
        List<Subject> subjects = new ArrayList<>();
        List<Path> files;
        try (Stream<Path> all = Files.list(MAPPINGS)) {
            files = all.filter(file -> file.toString().endsWith(ENDING))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            Mapping mapping = Mapping.load(file, Mappings.secret());
            String name = file.getFileName().toString().replace(ENDING, "");
            try (Stream<Path> samples = Files.list(SAMPLES.resolve(name))) {
                for (Path sample : samples.filter(each -> each.toString().endsWith(MappingSample.SAMPLE))
                        .sorted()
                        .toList()) {
                    OriginalRecord record = new MappingSample(name, sample, sample).record();
                    if (record.value() != null) {
                        subjects.add(new Subject(mapping, record));
                    }
                }
            }
        }
        return subjects;
    }

    private byte[] mutated(byte[] value) throws Exception {
        byte[] bytes = value.clone();
        if (random.nextInt(10) == 0) {
            for (int i = 0; i <= random.nextInt(3) && bytes.length > 0; i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            return random.nextInt(4) == 0 ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)) : bytes;
        }
        JsonNode tree;
        try {
            tree = Json.MAPPER.readTree(bytes);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            return bytes;
        }
        for (int i = 0; i <= random.nextInt(3); i++) {
            List<JsonNode> containers = new ArrayList<>();
            collect(tree, containers);
            if (!containers.isEmpty()) {
                mutate(containers.get(random.nextInt(containers.size())));
            }
        }
        return Json.bytes(tree);
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainerNode() && !node.isEmpty()) {
            containers.add(node);
            node.forEach(child -> collect(child, containers));
        }
    }

    private void mutate(JsonNode container) {
        if (container instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            String name = names.get(random.nextInt(names.size()));
            switch (random.nextInt(4)) {
                case 0 -> object.remove(name);
                case 1 -> object.set(name.toUpperCase(java.util.Locale.ROOT), object.remove(name));
                default -> object.set(name, value(object.get(name)));
            }
        } else if (container instanceof ArrayNode array) {
            int index = random.nextInt(array.size());
            array.set(index, value(array.get(index)));
            if (random.nextInt(3) == 0) {
                array.add(array.get(index).deepCopy());
            }
        }
    }

    private JsonNode value(JsonNode before) {
        return switch (random.nextInt(9)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.numberNode(random.nextLong());
            case 2 -> NODES.numberNode(random.nextDouble());
            case 3 -> NODES.booleanNode(random.nextBoolean());
            case 4 -> NODES.arrayNode().add(before);
            case 5 -> NODES.objectNode().set("inner", before);
            case 6 -> NODES.textNode(before.toString());
            default -> NODES.textNode(TEXTS.get(random.nextInt(TEXTS.size())));
        };
    }
}
