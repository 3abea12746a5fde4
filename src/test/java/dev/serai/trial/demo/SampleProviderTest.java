package dev.serai.trial.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.trial.standin.ListedCharacter;
import dev.serai.trial.standin.StandInOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SampleProviderTest {
    @TempDir
    private Path folder;

    @Test
    void charactersOfTheFolder_areListed_withTheirIdWhereTheyHaveNoName() throws IOException {
        Files.writeString(
                folder.resolve("characters.json"),
                "[{\"character_id\":\"eve\",\"character_name\":\"Eve\",\"memory_settings\":{\"enabled\":true}},"
                        + "{\"character_id\":\"ada\"}]");

        assertThat(SampleProvider.options(folder).characters())
                .containsExactly(new ListedCharacter("eve", "Eve", true), new ListedCharacter("ada", "ada", false));
    }

    @Test
    void folderWithoutFiles_listsNoCharacters_andKnowsAll() throws IOException {
        assertThat(SampleProvider.options(folder))
                .isEqualTo(StandInOptions.defaults().withDataDirectory(folder));
    }

    @Test
    void characterWithoutAnId_isRefusedWithItsFile() throws IOException {
        Files.writeString(folder.resolve("characters.json"), "[{\"character_name\":\"Eve\"}]");

        assertThatThrownBy(() -> SampleProvider.options(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("characters.json", "needs a character_id", "Eve");
    }
}
