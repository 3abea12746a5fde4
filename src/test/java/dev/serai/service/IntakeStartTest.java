package dev.serai.service;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.route.RouteFolder;
import dev.serai.settings.Settings;
import dev.serai.testing.RawEvents;
import dev.serai.testing.RouteFiles;
import dev.serai.testing.UnreachedBackends;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What of an intake stops the start: each is said with its place. Nothing of this asks Kafka. */
@Timeout(120)
class IntakeStartTest {
    @TempDir
    Path directory;

    private final Map<String, String> settings = new HashMap<>(RawEvents.intake("calls", "raw"));

    private void make() throws Exception {
        settings.put("serai.http.port", "0");
        settings.putIfAbsent("serai.routes-dir", RouteFiles.shippedFolder().toString());
        Settings loaded = Settings.load(Map.of(), null, settings);
        Backends backends = UnreachedBackends.at("127.0.0.1:1");
        try (SeraiService service = new SeraiService(loaded, backends)) {
            service.loadForCheck(new RouteFolder(loaded.values().routesDir()));
        }
    }

    @Test
    void mappingWithAMistake_isNamedWithLineAndColumn() {
        Path broken = RawEvents.mapping("{\n  \"conversation\": call,\n  \"event_id\": call &&\n}\n");
        settings.put("serai.intake.calls.mapping", broken.toString());

        assertThatThrownBy(this::make)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("intake calls: " + broken)
                .hasMessageContaining("line 3");
    }

    @Test
    void allFilesWithMistakes_areNamed() throws Exception {
        Path broken = RawEvents.mapping("{");
        Path table = Files.writeString(directory.resolve("numbers.csv"), "number,character_id\n+49,c\n");
        settings.put("serai.intake.calls.mapping", broken.toString());
        settings.putAll(RawEvents.intake("chats", "raw"));
        settings.put("serai.intake.chats.table", table.toString());

        assertThatThrownBy(this::make)
                .hasMessageContaining("intake calls: " + broken)
                .hasMessageContaining("intake chats: ")
                .hasMessageContaining("numbers.csv");
    }

    @Test
    void rowOfADefaultTenantThatThereIsNot_isNamed() throws Exception {
        Path table = Files.writeString(directory.resolve("numbers.csv"), "key,character_id,tenant\n+49,c,default\n");
        settings.put("serai.intake.calls.table", table.toString());
        settings.put(
                "serai.tenants.north.api-key-file",
                Files.writeString(directory.resolve("north.key"), "key-of-north")
                        .toString());

        assertThatThrownBy(this::make)
                .hasMessageContaining("intake calls: ")
                .hasMessageContaining("must have one of the tenants (north) as tenant, has \"default\"");
    }

    @Test
    void folderOfRoutesFromBefore_isToldWhatItLacks() throws Exception {
        Path old = RouteFiles.copyWith(Map.of());
        try (var files = Files.list(old.resolve("intake"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(old.resolve("intake"));
        settings.put("serai.routes-dir", old.toString());

        assertThatThrownBy(this::make)
                .isInstanceOf(InvalidRoutesException.class)
                .hasMessageContaining("mapped-intake-turn");
    }
}
