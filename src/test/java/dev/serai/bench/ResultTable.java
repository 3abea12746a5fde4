package dev.serai.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The results as Markdown tables, their columns aligned for people who read them in a terminal. */
final class ResultTable {
    private static final String NOTHING = "–";

    private final List<Measured> results;

    ResultTable(List<Measured> results) {
        this.results = results;
    }

    /** What is measured under load. */
    List<String> underLoad() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "under load",
                "events",
                "events/s",
                "× bare",
                "× parallel",
                "calls at once",
                "CPU ms/event",
                "× bare",
                "× parallel",
                "broker CPU",
                "provider CPU"));
        for (Measured result : results) {
            rows.add(List.of(
                    result.contender().label(),
                    text("%,d", result.events()),
                    text("%,.0f", result.eventsPerSecond()),
                    ratio(result, Contender.BARE, Measured::eventsPerSecond),
                    ratio(result, Contender.PARALLEL_CONSUMER, Measured::eventsPerSecond),
                    text("%d", result.callsAtOnce()),
                    text("%.2f", result.cpuMillis()),
                    ratio(result, Contender.BARE, Measured::cpuMillis),
                    ratio(result, Contender.PARALLEL_CONSUMER, Measured::cpuMillis),
                    text("%.2f", result.brokerCpuMillis()),
                    text("%.2f", result.providerCpuMillis())));
        }
        return lines(rows);
    }

    /** What is measured at rest, and over both. */
    List<String> atRest() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "at rest, and over all",
                "added ms, median",
                "added ms, p99",
                "peak MiB",
                "out of order",
                "duplicates",
                "repeated calls"));
        for (Measured result : results) {
            Measured.Rest rest = result.rest();
            rows.add(List.of(
                    result.contender().label(),
                    text("%.1f", rest == null ? null : rest.medianMillis()),
                    text("%.1f", rest == null ? null : rest.p99Millis()),
                    text("%.0f", result.peakMebibytes()),
                    text("%d", result.outOfOrder()),
                    text("%d", result.duplicates()),
                    text("%d", result.repeatedCalls())));
        }
        return lines(rows);
    }

    private static List<String> lines(List<List<String>> rows) {
        int[] widths = widths(rows);
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            lines.add(line(row, widths));
        }
        lines.add(1, rule(widths));
        return lines;
    }

    private String ratio(Measured result, Contender yardstick, ToDoubleFunction<Measured> number) {
        Optional<Measured> other =
                results.stream().filter(each -> each.contender() == yardstick).findFirst();
        return text(
                "%.2f",
                other.map(each -> number.applyAsDouble(result) / number.applyAsDouble(each))
                        .orElse(null));
    }

    private static String text(String format, @Nullable Number number) {
        return number == null ? NOTHING : String.format(Locale.ROOT, format, number);
    }

    private static int[] widths(List<List<String>> rows) {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        return widths;
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder("|");
        for (int column = 0; column < widths.length; column++) {
            String padding = " ".repeat(widths[column] - row.get(column).length());
            String cell = row.get(column);
            line.append(' ')
                    .append(column == 0 ? cell + padding : padding + cell)
                    .append(" |");
        }
        return line.toString();
    }

    private static String rule(int[] widths) {
        StringBuilder line = new StringBuilder("|");
        for (int column = 0; column < widths.length; column++) {
            line.append(' ')
                    .append("-".repeat(widths[column] - (column == 0 ? 0 : 1)))
                    .append(column == 0 ? " |" : ": |");
        }
        return line.toString();
    }
}
