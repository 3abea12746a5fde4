package dev.serai.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class ErrorCategoryTest {

    @ParameterizedTest
    @CsvSource({
        "/schema/reply.json, /$defs/failed/properties/error/properties/category/enum",
        "/schema/dead-letter-headers.json, /properties/serai-error-category/enum"
    })
    void categories_areThoseOfTheSchema(String schema, String pointer) throws IOException {
        try (InputStream resource = ErrorCategoryTest.class.getResourceAsStream(schema)) {
            JsonNode names =
                    Json.MAPPER.readTree(Objects.requireNonNull(resource)).at(pointer);

            assertThat(names)
                    .extracting(JsonNode::textValue)
                    .containsExactlyElementsOf(Arrays.stream(ErrorCategory.values())
                            .map(ErrorCategory::wireName)
                            .toList());
        }
    }
}
