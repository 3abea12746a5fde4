package dev.serai.check;

import dev.serai.dialect.mapping.MappingSample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which mapping a sample is of, and which table a mapping looks up in. Immutable.
 *
 * @param together the files that were given beside folders
 */
record Pairing(Given given, FileGroup together) {
    static final String MAPPING_END = ".jsonata";

    /**
     * The one that is named; else the only one beside the sample; else the only one that was given beside its folder; else the
     * one that has the folder's name, beside the folder.
     */
    @Nullable
    Path mapping(FileGroup group, MappingSample sample) {
        if (given.mapping() != null) {
            return given.mapping();
        }
        if (!group.mappings().isEmpty()) {
            return group.mappings().size() == 1 ? group.mappings().getFirst() : null;
        }
        if (together.mappings().size() == 1) {
            return together.mappings().getFirst();
        }
        Path folder = sample.sample().toAbsolutePath().normalize().getParent();
        if (folder == null) {
            return null;
        }
        List<Path> beside = FileGroup.in(folder, FileKind.MAPPING);
        if (!beside.isEmpty()) {
            return beside.size() == 1 ? beside.getFirst() : null;
        }
        Path parent = sample.sample().getParent();
        Path named = folder.resolveSibling(folder.getFileName() + MAPPING_END);
        return Files.isRegularFile(named) ? parent == null ? named : parent.resolveSibling(named.getFileName()) : null;
    }

    /**
     * The only one beside the samples; else the only one that was given beside their folder; else that of the intake; else the
     * only one beside the mapping, where that was found.
     */
    @Nullable
    Path table(FileGroup group, Path mapping) {
        if (!group.tables().isEmpty()) {
            return group.tables().size() == 1 ? group.tables().getFirst() : given.table();
        }
        if (together.tables().size() == 1) {
            return together.tables().getFirst();
        }
        if (given.table() != null
                || given.mapping() != null
                || group.mappings().contains(mapping)
                || together.mappings().contains(mapping)) {
            return given.table();
        }
        Path folder = mapping.getParent();
        List<Path> beside = FileGroup.in(folder == null ? Path.of("") : folder, FileKind.TABLE);
        return beside.size() == 1 ? beside.getFirst() : null;
    }
}
