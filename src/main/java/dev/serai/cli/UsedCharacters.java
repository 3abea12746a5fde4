package dev.serai.cli;

import dev.serai.dialect.mapping.LookUpRows;
import dev.serai.loop.UnusableFileException;
import dev.serai.operate.doctor.Deployment.UsedCharacter;
import dev.serai.settings.MappedIntake;
import dev.serai.settings.SeraiSettings;
import dev.serai.wire.StartConversation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The characters that settings and tables of intakes name: those that events which name none are for. Immutable. */
record UsedCharacters(SeraiSettings settings) {
    private static final Logger LOG = LoggerFactory.getLogger(UsedCharacters.class);

    private record Of(String tenant, String characterId) {}

    /** Each once for a tenant, with the first place that names it; what a table cannot be read for is not said here. */
    List<UsedCharacter> all() {
        Map<Of, UsedCharacter> all = new LinkedHashMap<>();
        String byDefault = settings.conversation().defaultCharacterId();
        if (byDefault != null) {
            String setting = "serai.conversation.default-character-id";
            add(all, new UsedCharacter(StartConversation.DEFAULT_TENANT, byDefault, setting, true));
        }
        settings.intake().forEach((name, intake) -> {
            String tenant = Objects.requireNonNullElse(intake.tenant(), StartConversation.DEFAULT_TENANT);
            if (intake.characterId() != null) {
                String setting = "serai.intake." + name + ".character-id";
                add(all, new UsedCharacter(tenant, intake.characterId(), setting, true));
            }
            if (intake.table() != null) {
                addRows(all, intake, intake.table(), tenant);
            }
        });
        if (byDefault != null) {
            settings.tenants()
                    .keySet()
                    .forEach(tenant -> add(
                            all,
                            new UsedCharacter(tenant, byDefault, "serai.conversation.default-character-id", false)));
        }
        return new ArrayList<>(all.values());
    }

    private static void add(Map<Of, UsedCharacter> all, UsedCharacter used) {
        all.putIfAbsent(new Of(used.tenant(), used.characterId()), used);
    }

    private static void addRows(Map<Of, UsedCharacter> all, MappedIntake intake, Path table, String tenant) {
        LookUpRows rows;
        try {
            rows = LookUpRows.read(table, intake.country());
        } catch (UnusableFileException e) {
            LOG.debug("{} names no characters, and the check of mappings says why", table, e);
            return;
        }
        rows.all().values().forEach(row -> {
            String characterId = row.path("character_id").textValue();
            if (characterId != null && !row.path("ignore").asBoolean()) {
                String own = row.path("tenant").textValue();
                add(
                        all,
                        new UsedCharacter(own == null ? tenant : own, characterId, "the look-up table " + table, true));
            }
        });
    }
}
