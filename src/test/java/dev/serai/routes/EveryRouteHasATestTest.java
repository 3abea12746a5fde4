package dev.serai.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.serialization.YamlMapperFactory;
import dev.serai.testing.RouteFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The form of the route files that Serai comes with, the examples among them; a user's may have any other. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EveryRouteHasATestTest {
    static final List<Path> FILES = Stream.concat(RouteFiles.all().stream(), RouteFiles.examples().stream())
            .toList();

    /** Steps by their names in the YAML DSL, as far as the routes use them, and clauses that Camel lists as steps. */
    private static final Set<String> STEPS = Set.of(
            "process",
            "to",
            "toD",
            "enrich",
            "filter",
            "doTry",
            "log",
            "bean",
            "choice",
            "loop",
            "split",
            "throwException",
            "setHeader",
            "setBody",
            "setProperty",
            "marshal",
            "removeHeaders",
            "multicast",
            "recipientList",
            "from",
            "onException");

    private static JsonSchema camelSchema;

    /** Once for all files: it is large. */
    @BeforeAll
    static void readSchema() throws IOException {
        try (InputStream file = EveryRouteHasATestTest.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
            camelSchema =
                    JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(file);
        }
    }

    @ParameterizedTest
    @FieldSource("FILES")
    void file_isTestedByTheClassOfItsName(Path file) {
        String test = Arrays.stream(RouteFiles.name(file).split("-"))
                .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                .collect(Collectors.joining("", getClass().getPackageName() + ".", "RouteTest"));

        assertThat(test).satisfies(name -> assertThat(Class.forName(name)).isNotNull());
    }

    @ParameterizedTest
    @FieldSource("FILES")
    void file_isOneRouteOfItsName(Path file) throws IOException {
        JsonNode yaml = yaml(file);

        assertThat(yaml.isArray()).isTrue();
        assertThat(yaml).hasSize(1);
        JsonNode route = yaml.get(0).elements().next();
        assertThat(List.of("route", "routeConfiguration", "routeTemplate"))
                .contains(yaml.get(0).fieldNames().next());
        assertThat(route.path("id").asText()).isEqualTo(RouteFiles.name(file));
        assertThat(route.path("description").asText()).isNotBlank();
    }

    @ParameterizedTest
    @FieldSource("FILES")
    void everyStep_hasAnIdOfItsOwn(Path file) throws IOException {
        List<JsonNode> steps = new ArrayList<>();
        collectSteps(yaml(file), steps);

        List<String> ids = steps.stream().map(step -> step.path("id").asText()).toList();
        assertThat(ids).isNotEmpty().doesNotContain("").doesNotHaveDuplicates();
    }

    @Test
    void stepIds_areDifferentInAllFiles() throws IOException {
        List<JsonNode> steps = new ArrayList<>();
        for (Path file : FILES) {
            collectSteps(yaml(file), steps);
        }

        assertThat(steps.stream().map(step -> step.path("id").asText())).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @FieldSource("FILES")
    void file_isValidByCamelsSchema(Path file) throws IOException {
        assertThat(camelSchema.validate(RouteFiles.text(file), InputFormat.YAML))
                .isEmpty();
    }

    @ParameterizedTest
    @FieldSource("FILES")
    void lines_endWhereTheirTextEnds(Path file) {
        String text = RouteFiles.text(file);

        assertThat(text).endsWith("\n");
        assertThat(text.lines()).allSatisfy(line -> assertThat(line).isEqualTo(line.stripTrailing()));
    }

    @ParameterizedTest
    @FieldSource("FILES")
    void file_isInCanonicalForm(Path file) throws IOException {
        Set<String> shorthand = new HashSet<>();
        collectShorthand(yaml(file), shorthand);

        assertThat(shorthand).as("steps that are text in place of an object").isEmpty();
    }

    private static JsonNode yaml(Path file) throws IOException {
        return YamlMapperFactory.getInstance().readTree(RouteFiles.text(file));
    }

    private static void collectSteps(JsonNode node, List<JsonNode> steps) {
        node.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (field.getKey().equals("doCatch")) {
                value.forEach(steps::add);
            } else if (value.isObject() && STEPS.contains(field.getKey())) {
                steps.add(value);
            }
        });
        node.forEach(child -> collectSteps(child, steps));
    }

    private static void collectShorthand(JsonNode node, Set<String> shorthand) {
        node.path("steps").forEach(step -> step.properties().stream()
                .filter(field -> !field.getValue().isObject())
                .forEach(field -> shorthand.add(field.getKey())));
        node.forEach(child -> collectShorthand(child, shorthand));
    }
}
