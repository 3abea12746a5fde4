package dev.serai.cli;

import dev.serai.check.Checked;
import dev.serai.check.FileCheck;
import dev.serai.check.Given;
import dev.serai.check.ServiceView;
import dev.serai.operate.doctor.Found;
import dev.serai.operate.doctor.Found.Status;
import dev.serai.service.EventRules;
import dev.serai.service.IntakeContext;
import dev.serai.settings.MappedIntake;
import dev.serai.settings.SeraiSettings;
import dev.serai.wire.event.ReplyTopics;
import dev.serai.wire.event.StartEventDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Looks at the mappings of intakes, their tables and their tests, as {@code serai check} does with their files. Immutable. */
final class MappingsLook {
    private static final String MAPPING_END = ".jsonata";

    private final SeraiSettings settings;

    MappingsLook(SeraiSettings settings) {
        this.settings = settings;
    }

    /** What {@code serai check} says of them. */
    List<Found> look() {
        List<Found> found = new ArrayList<>();
        for (Map.Entry<String, MappedIntake> intake : settings.intake().entrySet()) {
            for (Checked file : fileCheck(intake.getKey(), intake.getValue()).check(files(intake.getValue()))) {
                String name = "intake " + intake.getKey() + ": ";
                file.problems()
                        .forEach(problem ->
                                found.add(Found.of(Status.ERROR, name + problem.place() + ": " + problem.text())));
                if (file.problems().isEmpty()) {
                    found.add(Found.of(
                            file.isChecked() ? Status.OK : Status.SKIPPED, name + file.file() + ": " + file.summary()));
                }
            }
        }
        return found.isEmpty() ? List.of(Found.of(Status.OK, "there are no intakes")) : found;
    }

    /** The mapping, its table, and the folder with its tests, which has its name. */
    private static List<Path> files(MappedIntake intake) {
        List<Path> files = new ArrayList<>(List.of(intake.mapping()));
        if (intake.table() != null) {
            files.add(intake.table());
        }
        Path name = intake.mapping().getFileName();
        if (name != null && name.toString().endsWith(MAPPING_END)) {
            String plain = name.toString().substring(0, name.toString().length() - MAPPING_END.length());
            Path tests = intake.mapping().resolveSibling(plain);
            if (Files.isDirectory(tests)) {
                files.add(tests);
            }
        }
        return files;
    }

    @SuppressWarnings("NullAway") // it does not see the annotations of a record's arrays, which may be null
    private FileCheck fileCheck(String name, MappedIntake intake) {
        Given given = new Given(
                name,
                intake.mapping(),
                intake.table(),
                intake.country(),
                rows -> IntakeContext.of(intake, rows),
                settings.tenantNames(),
                null,
                List.of(),
                false);
        ReplyTopics replyTopics = EventRules.replyTopics(settings);
        return new FileCheck(
                new ServiceView(
                        settings,
                        new StartEventDecoder(
                                EventRules.of(settings, EventRules.deadlines(settings), given.tenants()), replyTopics),
                        replyTopics,
                        InstantSource.system()),
                given);
    }
}
