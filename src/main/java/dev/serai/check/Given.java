package dev.serai.check;

import dev.serai.dialect.mapping.LookUp;
import dev.serai.dialect.mapping.MappingContext;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RecordHeader;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is given besides files. Immutable.
 *
 * @param intake whose settings mappings are run with; null if they are run with none
 * @param mapping that samples are run through, whatever lies beside them; null if none is named
 * @param table of the intake; null if it has none, and used where none is among the files
 * @param country of the intake, as in {@link MappingContext}
 * @param context of a mapping, with the rows of its table
 * @param tenants that the settings name
 * @param key of records whose file says none
 * @param headers of records whose file says none
 * @param writesExpected whether what is expected of a sample is written where it is not there
 */
@SuppressWarnings("ArrayRecordComponent") // opaque bytes, never compared
public record Given(
        @Nullable String intake,
        @Nullable Path mapping,
        @Nullable Path table,
        @Nullable String country,
        Function<LookUp, MappingContext> context,
        Set<String> tenants,
        byte @Nullable [] key,
        List<RecordHeader> headers,
        boolean writesExpected) {
    public Given {
        tenants = Set.copyOf(tenants);
        headers = List.copyOf(headers);
    }

    /** The record with the key and the headers that were given, unless it has its own. */
    OriginalRecord completed(OriginalRecord raw) {
        return new OriginalRecord(
                raw.topic(),
                raw.partition(),
                raw.offset(),
                raw.timestamp(),
                raw.key() == null ? key : raw.key(),
                raw.value(),
                raw.headers().isEmpty() ? headers : raw.headers());
    }
}
