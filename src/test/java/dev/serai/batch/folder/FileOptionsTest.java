package dev.serai.batch.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.apache.camel.Message;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class FileOptionsTest {
    private final Message route = new DefaultMessage(new DefaultCamelContext());

    @Test
    void map_namesTheFieldsOfColumns() {
        assertThat(FileOptions.of(route).input().columns()).isEmpty();

        route.setHeader("provision.map", "");
        assertThat(FileOptions.of(route).input().columns()).isEmpty();

        route.setHeader("provision.map", " figure=character_id, a=b = conversation_key\nnote=dynamic_info.text");
        assertThat(FileOptions.of(route).input().columns())
                .isEqualTo(Map.of("figure", "character_id", "a=b", "conversation_key", "note", "dynamic_info.text"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"figure", "=character_id", "figure=", "figure=character_id,", "a=character_id,a=tenant"})
    void mapThatNamesNothing_isSaidWithItsHeader(String map) {
        route.setHeader("provision.map", map);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> FileOptions.of(route))
                .withMessageContainingAll("provision.map", map, "figure=character_id");
    }
}
