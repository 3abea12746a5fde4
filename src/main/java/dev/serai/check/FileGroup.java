package dev.serai.check;

import dev.serai.dialect.mapping.MappingSample;
import dev.serai.loop.UnusableFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Files that belong together, by what they are taken for. Immutable.
 *
 * @param samples also those whose expected file is not there
 * @param events each with its kind
 */
record FileGroup(
        List<Path> mappings,
        List<MappingSample> samples,
        List<Path> tables,
        Map<Path, FileKind> events,
        List<Path> unknown) {
    private static final int DEEPEST_FOLDER = 8;
    private static final String JSON = ".json";

    /** @param areSamples whether JSON that may be anything is a raw record for a mapping */
    static FileGroup of(List<Path> files, boolean areSamples) {
        FileGroup group = empty();
        Set<MappingSample> samples = new LinkedHashSet<>();
        for (Path file : files) {
            switch (FileKind.of(file)) {
                case MAPPING -> group.mappings.add(file);
                case TABLE -> group.tables.add(file);
                case EVENTS -> group.events.put(file, FileKind.EVENTS);
                case SAMPLE -> group.addSample(file, samples);
                case EVENT -> {
                    if (areSamples) {
                        group.addSample(file, samples);
                    } else if (isTable(file)) {
                        group.tables.add(file);
                    } else {
                        group.events.put(file, FileKind.EVENT);
                    }
                }
                case FOLDER, UNKNOWN -> group.unknown.add(file);
            }
        }
        group.samples.addAll(samples);
        return group;
    }

    private void addSample(Path file, Set<MappingSample> found) {
        if (Files.exists(file)) {
            found.add(sample(file));
        } else {
            unknown.add(file);
        }
    }

    /**
     * The folder's files, and those of the folders in it, each folder a group; without what is hidden, what is of no kind, and,
     * beside a mapping or samples, JSON that may be anything.
     *
     * @throws UnusableFileException if a folder cannot be read
     */
    static List<FileGroup> in(Path folder) throws UnusableFileException {
        Map<Path, List<Path>> byFolder = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder, DEEPEST_FOLDER)) {
            files.filter(file -> !isHidden(folder.relativize(file)) && Files.isRegularFile(file))
                    .filter(file -> FileKind.of(file) != FileKind.UNKNOWN)
                    .sorted()
                    .forEach(file -> byFolder.computeIfAbsent(file.getParent(), any -> new ArrayList<>())
                            .add(file));
        } catch (IOException | UncheckedIOException e) {
            throw new UnusableFileException(folder, "must be a folder that can be read, with all in it");
        }
        return byFolder.values().stream().map(FileGroup::inFolder).toList();
    }

    private static FileGroup inFolder(List<Path> files) {
        boolean isOfMapping =
                files.stream().map(FileKind::of).anyMatch(kind -> kind == FileKind.MAPPING || kind == FileKind.SAMPLE);
        return of(
                isOfMapping
                        ? files.stream()
                                .filter(file -> FileKind.of(file) != FileKind.EVENT)
                                .toList()
                        : files,
                false);
    }

    /** Those of one kind in the folder itself; none if it cannot be read. */
    static List<Path> in(Path folder, FileKind kind) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> FileKind.of(file) == kind).sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static FileGroup empty() {
        return new FileGroup(
                new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new LinkedHashMap<>(), new ArrayList<>());
    }

    private static boolean isHidden(Path inside) {
        for (Path name : inside) {
            if (name.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isTable(Path file) {
        try {
            return FileKind.isTable(FileText.text(file, FileText.bytes(file)));
        } catch (UnusableFileException e) {
            return false;
        }
    }

    private static MappingSample sample(Path file) {
        String name = file.getFileName().toString();
        String base = name;
        for (String ending : List.of(MappingSample.SAMPLE, MappingSample.EXPECTED, JSON)) {
            if (name.endsWith(ending)) {
                base = name.substring(0, name.length() - ending.length());
                break;
            }
        }
        boolean isPlain = !name.endsWith(MappingSample.SAMPLE) && !name.endsWith(MappingSample.EXPECTED);
        return new MappingSample(
                base,
                isPlain ? file : file.resolveSibling(base + MappingSample.SAMPLE),
                file.resolveSibling(base + MappingSample.EXPECTED));
    }
}
