package dev.serai.source.kind;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.jspecify.annotations.Nullable;

/** What a database's failures are, by SQLState: ISO 9075, and PostgreSQL's appendix A. */
final class SqlStates {
    private static final String STATEMENT_CANCELLED = "57014";
    private static final String CONNECTION_EXCEPTION = "08";
    private static final String CARDINALITY = "21";
    private static final String DATA_EXCEPTION = "22";

    private static final Map<String, String> MEANINGS = Map.ofEntries(
            Map.entry(CONNECTION_EXCEPTION, "no connection"),
            Map.entry(CARDINALITY, "several rows where the query needs one"),
            Map.entry(DATA_EXCEPTION, "a value that the query cannot use"),
            Map.entry("28", "login refused"),
            Map.entry("3D", "no such database"),
            Map.entry("42", "the query is wrong, or not allowed"),
            Map.entry("42501", "not allowed"),
            Map.entry("42601", "syntax error"),
            Map.entry("42703", "no such column"),
            Map.entry("42883", "nothing fits the types of what is compared or called"),
            Map.entry("42P01", "no such table"),
            Map.entry("53", "the database lacks resources"),
            Map.entry("53300", "too many connections"),
            Map.entry("57", "ended by the database's operator"),
            Map.entry(STATEMENT_CANCELLED, "the query took too long"));

    private SqlStates() {}

    static boolean isCancelled(Throwable failure) {
        return begins(failure, STATEMENT_CANCELLED);
    }

    static boolean isNoConnection(Throwable failure) {
        return begins(failure, CONNECTION_EXCEPTION);
    }

    /** Whether the query fails for what it is given or finds, and may be well for another reference. */
    static boolean isOfValues(Throwable failure) {
        return begins(failure, DATA_EXCEPTION) || begins(failure, CARDINALITY);
    }

    private static boolean begins(Throwable failure, String beginning) {
        String state = state(failure);
        return state != null && state.startsWith(beginning);
    }

    private static @Nullable String state(Throwable failure) {
        return failure instanceof SQLException sql ? sql.getSQLState() : null;
    }

    /** Such as {@code SQLState 42P01 (no such table)}, of the innermost that has one; empty if none has. */
    static Optional<String> text(Throwable failure) {
        List<Throwable> chain = ExceptionUtils.getThrowableList(failure);
        return chain.reversed().stream()
                .map(SqlStates::state)
                .filter(state -> state != null && !state.isBlank())
                .findFirst()
                .map(state -> {
                    String ofClass = MEANINGS.get(state.substring(0, Math.min(2, state.length())));
                    String meaning = MEANINGS.getOrDefault(state, ofClass == null ? "" : ofClass);
                    return "SQLState " + state + (meaning.isEmpty() ? "" : " (" + meaning + ")");
                });
    }
}
