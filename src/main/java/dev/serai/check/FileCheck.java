package dev.serai.check;

import dev.serai.dialect.mapping.Mapping;
import dev.serai.dialect.mapping.MappingSample;
import dev.serai.loop.UnusableFileException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks at files offline. Of files that are given together, and of those in one folder, the only mapping is that of the samples,
 * and the only table is that of the mapping; those that are given beside a folder count where it has none. For one thread.
 */
public final class FileCheck {
    private final Given given;
    private final EventFiles events;
    private final TableFiles tables;
    private final MappingFiles mappings;
    private final SampleFiles samples;
    private final List<Checked> checked = new ArrayList<>();
    private final Map<Use, MappingFiles.Loaded> loaded = new HashMap<>();
    private Pairing pairing;

    /** A mapping, and the table that it looks up in. */
    private record Use(Path mapping, @Nullable Path table) {}

    public FileCheck(ServiceView service, Given given) {
        this.given = given;
        pairing = new Pairing(given, FileGroup.of(List.of(), false));
        events = new EventFiles(service, given);
        tables = new TableFiles(given);
        mappings = new MappingFiles(given, tables);
        samples = new SampleFiles(service, given);
    }

    /**
     * Looks at each of the files, and at all that is in a folder.
     *
     * @return what was found, in the order of the files; never empty
     */
    public List<Checked> check(List<Path> files) {
        Map<Boolean, List<Path>> areFolders =
                new LinkedHashSet<>(files).stream().collect(Collectors.partitioningBy(Files::isDirectory));
        List<Path> single = areFolders.getOrDefault(false, List.of());
        FileGroup together = FileGroup.of(single, !single.isEmpty() && givesMapping(single));
        pairing = new Pairing(given, together);
        areFolders.getOrDefault(true, List.of()).forEach(this::checkFolder);
        check(together, true);
        return List.copyOf(checked);
    }

    private boolean givesMapping(List<Path> files) {
        return given.mapping() != null || files.stream().anyMatch(file -> FileKind.of(file) == FileKind.MAPPING);
    }

    private void checkFolder(Path folder) {
        int before = checked.size();
        try {
            for (FileGroup group : FileGroup.in(folder)) {
                check(group, false);
            }
        } catch (UnusableFileException e) {
            checked.add(
                    Checked.withoutResults(folder, FileKind.FOLDER, "cannot be read", List.of(Problem.of(folder, e))));
            return;
        }
        if (checked.size() == before) {
            checked.add(Checked.withoutResults(
                    folder,
                    FileKind.FOLDER,
                    "nothing to check",
                    List.of(Problem.of(folder, "holds nothing that can be checked: " + FileKind.ENDINGS))));
        }
    }

    private void check(FileGroup group, boolean isShown) {
        group.tables().forEach(file -> checked.add(tables.check(file)));
        Map<MappingSample, Use> uses = new LinkedHashMap<>();
        for (MappingSample sample : group.samples()) {
            Path mapping = pairing.mapping(group, sample);
            if (mapping != null) {
                uses.put(sample, new Use(mapping, pairing.table(group, mapping)));
            }
        }
        Set<Use> all = new LinkedHashSet<>();
        group.mappings().forEach(mapping -> all.add(new Use(mapping, pairing.table(group, mapping))));
        all.addAll(uses.values());
        for (Use use : all) {
            if (!loaded.containsKey(use)) {
                MappingFiles.Loaded now = mappings.load(use.mapping(), use.table());
                loaded.put(use, now);
                checked.add(now.checked(uses.containsValue(use) || !isShown));
            }
        }
        group.samples().forEach(sample -> check(sample, uses.get(sample), isShown));
        group.events().forEach((file, kind) -> checked.add(events.check(file, kind)));
        group.unknown()
                .forEach(file -> checked.add(Checked.withoutResults(
                        file,
                        FileKind.UNKNOWN,
                        "not looked at",
                        List.of(Problem.of(
                                file,
                                Files.exists(file)
                                        ? "has a name that does not say what it is: " + FileKind.ENDINGS
                                        : "must be a file that exists")))));
    }

    private void check(MappingSample sample, @Nullable Use use, boolean isShown) {
        MappingFiles.Loaded found = use == null ? null : loaded.get(use);
        Mapping mapping = found == null ? null : found.mapping();
        if (mapping != null) {
            checked.add(samples.check(sample, mapping, isShown));
            return;
        }
        checked.add(
                use != null
                        ? Checked.not(sample.sample(), FileKind.SAMPLE, "not run, for its mapping cannot be used")
                        : Checked.withoutResults(
                                sample.sample(),
                                FileKind.SAMPLE,
                                "a sample that was not run",
                                List.of(Problem.of(
                                        sample.sample(),
                                        "is a sample of no mapping: name it with --mapping, or put it where it is the only "
                                                + Pairing.MAPPING_END + " in the sample's folder"))));
    }
}
