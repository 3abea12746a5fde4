package dev.serai.service;

import dev.serai.dialect.mapping.InvalidMappingException;
import dev.serai.dialect.mapping.LookUp;
import dev.serai.dialect.mapping.LookUpTable;
import dev.serai.dialect.mapping.Mapping;
import dev.serai.intake.IntakeMetrics;
import dev.serai.loop.UnusableFileException;
import dev.serai.settings.MappedIntake;
import dev.serai.table.WatchedTable;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an intake has of files: its mapping, which stays as it was read, and its look-up table, which is read again when it
 * changes.
 *
 * @param table null without one
 */
record IntakeFiles(Mapping mapping, @Nullable LookUpTable table) implements AutoCloseable {
    /**
     * Reads them.
     *
     * @param tenants those that there are
     * @throws InvalidMappingException if the mapping cannot be used
     * @throws UnusableFileException if the table cannot
     * @throws IllegalArgumentException if another setting cannot, such as a country that is none
     */
    static IntakeFiles read(String name, MappedIntake intake, Set<String> tenants, IntakeMetrics metrics)
            throws InvalidMappingException, UnusableFileException {
        LookUpTable table = table(name, intake, tenants, metrics);
        try {
            return new IntakeFiles(
                    Mapping.load(intake.mapping(), IntakeContext.of(intake, table == null ? LookUp.none() : table)),
                    table);
        } catch (InvalidMappingException | RuntimeException e) {
            if (table != null) {
                table.close();
            }
            throw e;
        }
    }

    private static @Nullable LookUpTable table(
            String name, MappedIntake intake, Set<String> tenants, IntakeMetrics metrics) throws UnusableFileException {
        return intake.table() == null
                ? null
                : LookUpTable.open(
                        "intake " + name, intake.table(), intake.country(), tenants, new WatchedTable.Listener() {
                            @Override
                            public void loaded(int entries) {
                                metrics.tableLoaded(entries);
                            }

                            @Override
                            public void refused() {
                                metrics.tableRefused();
                            }
                        });
    }

    @Override
    public void close() {
        if (table != null) {
            table.close();
        }
    }
}
