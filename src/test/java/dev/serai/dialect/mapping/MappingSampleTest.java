package dev.serai.dialect.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.serai.loop.UnusableFileException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class MappingSampleTest {
    private static final String EXPRESSION =
            "a = 0 ? $ignore(\"zero\") : {\"conversation\": $required(id, \"/id\"), \"event_id\": $key, \"end_user_id\": $headers.who}";

    @TempDir
    private Path folder;

    private List<String> differences(String sample, String expected) throws Exception {
        Files.writeString(folder.resolve("one.sample.json"), sample);
        Files.writeString(folder.resolve("one.expected.json"), expected);
        return MappingSample.in(folder).getFirst().differences(Mappings.mapping(EXPRESSION, Mappings.plain()));
    }

    @Test
    void whatIsExpected_hasNoDifference() throws Exception {
        assertThat(
                        differences(
                                "{\"$record\":{\"key\":\"k\",\"headers\":{\"who\":\"ada\"},\"timestamp\":\"2026-11-20T09:00:00Z\",\"value\":{\"id\":\"c\"}}}",
                                "{\"events\":[{\"conversation\":\"c\",\"event_id\":\"k\",\"end_user_id\":\"ada\",\"expires_at\":\"2026-11-20T09:00:30.000Z\"}]}"))
                .isEmpty();
        assertThat(differences("{\"a\":0}", "{\"ignored\":[\"zero\"]}")).isEmpty();
        assertThat(differences("{\"a\":1}", "{\"rejected\":\"/id: is missing\"}"))
                .isEmpty();
        assertThat(
                        differences(
                                "{\"$record\":{\"value\":\"no json\"}}",
                                "{\"rejected\":\"/: the value is not valid JSON: a word that is none of JSON's: was expecting JSON String, Number, Array, Object or token 'null', 'true' or 'false' at line 1, column 4\"}"))
                .allMatch(difference -> difference.startsWith("/rejected: expected "));
    }

    @Test
    void whatDiffers_isNamed() throws Exception {
        assertThat(
                        differences(
                                "{\"$record\":{\"key\":\"k\",\"value\":{\"id\":\"c\"}}}",
                                "{\"events\":[{\"conversation\":\"d\",\"event_id\":\"k\",\"tenant\":\"t\"}], \"ignored\":[\"x\"]}"))
                .containsExactly(
                        "/events/0/conversation: expected \"d\", is \"c\"",
                        "/events/0/expires_at: expected nothing, is \"2100-01-01T00:00:30.000Z\"",
                        "/events/0/tenant: expected \"t\", is nothing",
                        "/ignored/0: expected \"x\", is nothing");
        assertThat(differences("{\"a\":1}", "{\"events\":[]}"))
                .containsExactly(
                        "/events: expected [], is nothing",
                        "/ignored: expected [], is nothing",
                        "/rejected: expected nothing, is \"/id: is missing\"");
    }

    @Test
    void whatIsNoSample_isNamed() throws Exception {
        assertThatExceptionOfType(UnusableFileException.class)
                .isThrownBy(() -> differences("{\"$record\":{\"valeu\":1}}", "{\"events\":[]}"))
                .withMessageContaining("one.sample.json must have no field /$record/valeu: a record has [headers, key");
        assertThatExceptionOfType(UnusableFileException.class)
                .isThrownBy(() -> differences("{", "{\"events\":[]}"))
                .withMessageContaining("one.sample.json, line 1 is no JSON");
        Files.writeString(folder.resolve("two.sample.json"), "{}");
        assertThatExceptionOfType(UnusableFileException.class)
                .isThrownBy(() -> MappingSample.in(folder))
                .withMessageContaining("two.expected.json must be there");
        assertThatExceptionOfType(UnusableFileException.class)
                .isThrownBy(() -> MappingSample.in(folder.resolve("none")))
                .withMessageContaining("must be a folder that can be read");
    }
}
