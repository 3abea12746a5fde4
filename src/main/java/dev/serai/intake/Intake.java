package dev.serai.intake;

import dev.serai.dialect.mapping.MappingResult;
import dev.serai.observe.waiting.HeldEvents;
import dev.serai.wire.OriginalRecord;
import java.util.Set;
import java.util.function.Function;

/**
 * One intake: what makes events of its raw records, and what is counted of them. Thread-safe.
 *
 * @param name as the settings have it
 * @param mapping total: it never throws, and ends soon
 * @param keptHeaders names of the raw record's headers that its events get, too; all others stay behind
 * @param held the records that this process has taken and not ended
 */
public record Intake(
        String name,
        Function<OriginalRecord, MappingResult> mapping,
        Set<String> keptHeaders,
        HeldEvents held,
        IntakeMetrics metrics) {
    /** What the names of its beans and its lane begin with. */
    private static final String PREFIX = "intake-";

    public Intake {
        keptHeaders = Set.copyOf(keptHeaders);
    }

    /** The bean that reads an intake's topic. */
    public static String clientsBean(String intake) {
        return PREFIX + intake + "-records";
    }

    /** The bean of the first step of an intake's route. */
    public static String acceptBean(String intake) {
        return PREFIX + intake + "-accept";
    }
}
