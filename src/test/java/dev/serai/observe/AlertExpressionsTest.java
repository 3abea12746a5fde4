package dev.serai.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.PromQl;
import dev.serai.testing.RawEvents;
import dev.serai.testing.RunningSerai;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import dev.serai.wire.ErrorCategory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The documented alerts look at metrics that there are, in a language that Prometheus reads. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class AlertExpressionsTest {
    private static final Path METRICS = Path.of("src/docs/metrics.md");
    private static final Pattern CODE = Pattern.compile("`([^`]*)`");

    /** What a kind of meter is exported as, behind the documented name. */
    private static final Map<String, Set<String>> SUFFIXES = Map.of(
            "counter", Set.of(""),
            "gauge", Set.of(""),
            "timer", Set.of("_count", "_sum", "_max"),
            "summary", Set.of("_count", "_sum", "_max"),
            "histogram", Set.of("_count", "_sum", "_max", "_bucket"));

    /** What Prometheus, Micrometer's histograms and the rule of the alert add to each series. */
    private static final Set<String> ADDED_LABELS = Set.of("le", "instance", "job");

    /**
     * A row of the table of metrics.
     *
     * @param values those that the row itself lists, by tag; a tag without is free, or described below the table
     */
    private record Documented(String name, String kind, Set<String> tags, Map<String, Set<String>> values) {
        boolean exports(String series) {
            return Objects.requireNonNull(SUFFIXES.get(kind), kind).stream()
                    .anyMatch(suffix -> series.equals(name + suffix));
        }
    }

    static List<String> expressions() throws IOException {
        return rows("## What to alert on").stream()
                .map(cells -> code(cells.get(1)).getFirst())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("expressions")
    void expression_isPromQl_andItsMetricsTagsAndValuesAreDocumented(String expression) throws Exception {
        for (PromQl.Selector selector : PromQl.selectors(expression)) {
            Documented metric = documentedAs(selector.name());
            // A rate of a gauge says nothing, nor does the number that a counter has come to.
            boolean counts = metric.kind().equals("counter") || !selector.name().equals(metric.name());
            assertThat(selector.range()).as("range of " + selector.name()).isEqualTo(counts);
            for (PromQl.Match match : selector.matches()) {
                assertThat(metric.tags()).contains(match.label());
                Set<String> possible = possible(metric, match.label());
                if (!possible.isEmpty()) {
                    assertThat(possible).containsAll(match.values());
                }
            }
        }
    }

    /** In a table a bar would have to be escaped, and what is copied would be another expression. */
    @Test
    void expressions_canBeCopied() throws IOException {
        assertThat(Files.readString(METRICS)).doesNotContain("\\|");
    }

    @ParameterizedTest
    @MethodSource("expressions")
    void labelsThatAnExpressionGroupsBy_areTagsOfItsMetrics(String expression) throws Exception {
        Set<String> tags = new HashSet<>(ADDED_LABELS);
        for (PromQl.Selector selector : PromQl.selectors(expression)) {
            documented().stream().filter(row -> row.exports(selector.name())).forEach(row -> tags.addAll(row.tags()));
        }

        assertThat(Pattern.compile("\\b(?:by|without) \\(([^)]*)\\)")
                        .matcher(expression)
                        .results()
                        .flatMap(grouping -> Arrays.stream(grouping.group(1).split("\\s*,\\s*", -1))))
                .isSubsetOf(tags);
    }

    @Test
    void metricsOfARunningService_areThoseOfTheDocument_withTheirTags() throws Exception {
        String raw = RawEvents.topic();
        try (RunningSerai serai = new RunningSerai(RawEvents.intake("calls", raw))) {
            serai.standIn().script(FaultScript.once(Fault.resetAfter()).forCharacter("lost"));
            serai.publish(
                    "key",
                    "{\"event_id\":\"m1\",\"character_id\":\"c\",\"scene_ref\":\"museum-hall\","
                            + "\"context_ref\":\"customer-42\"}");
            serai.publish("key", "{\"event_id\":\"m2\",\"character_id\":\"lost\"}");
            serai.publish("key", "{\"event_id\":\"m3\",\"character_id\":\"" + RunningSerai.UNKNOWN_CHARACTER + "\"}");
            serai.replyTo("m1");
            serai.replyTo("m2");
            serai.replyTo("m3");
            serai.awaitCommitted(
                    serai.settings().kafka().groupId() + ".intake.calls",
                    RawEvents.publish(serai, raw, "key", "{'type':'unknown'}"));

            // What was published is counted after its commit.
            Awaitility.await()
                    .atMost(Duration.ofSeconds(40))
                    .untilAsserted(() -> assertAreDocumented(series(serai.scrape())));
        }
    }

    private static void assertAreDocumented(Map<String, Map<String, Set<String>>> scraped) throws IOException {
        Set<String> seen = new TreeSet<>();
        for (Map.Entry<String, Map<String, Set<String>>> series : scraped.entrySet()) {
            Documented metric = documentedAs(series.getKey());
            seen.add(metric.name());
            Set<String> tags = new TreeSet<>(series.getValue().keySet());
            tags.removeAll(ADDED_LABELS);
            assertThat(tags).as("tags of " + series.getKey()).isEqualTo(metric.tags());
            for (String tag : tags) {
                Set<String> possible = possible(metric, tag);
                if (!possible.isEmpty()) {
                    assertThat(possible)
                            .containsAll(
                                    Objects.requireNonNull(series.getValue().get(tag)));
                }
            }
        }
        assertThat(seen)
                .containsExactlyInAnyOrderElementsOf(
                        documented().stream().map(Documented::name).toList());
    }

    /** The first increment of a series that appears with it is not seen by {@code rate} and {@code increase}. */
    @Test
    void seriesThatAlertsLookAt_areThereBeforeAnythingHasHappened() throws Exception {
        try (RunningSerai serai = new RunningSerai(RawEvents.intake("calls", RawEvents.topic()))) {
            String scraped = serai.scrape();
            List<String> missing = new ArrayList<>();
            for (String expression : expressions()) {
                for (PromQl.Selector selector : PromQl.selectors(expression)) {
                    if (scraped.lines().noneMatch(line -> isOf(selector, line))) {
                        missing.add(selector.toString());
                    }
                }
            }
            assertThat(missing).isEmpty();
        }
    }

    private static boolean isOf(PromQl.Selector selector, String line) {
        return (line.startsWith(selector.name() + "{") || line.startsWith(selector.name() + " "))
                && selector.matches().stream().allMatch(match -> match.values().stream()
                        .anyMatch(value -> line.contains(match.label() + "=\"" + value + "\"")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sum(rate(a_total[5m])",
                "rate(a_total) > 0",
                "a_total[5m] > 0",
                "sum(a) by source > 1",
                "a{why=outage} == 1",
                "a{why=\"x} == 1",
                "a = 1",
                "a == 1 for 5 minutes",
                "rate(a_total[5]) > 0",
                "1 > 0",
                "frobnicate(a) > 0",
                "a and 1",
                ""
            })
    void whatPrometheusWouldRefuse_isRefused(String expression) {
        assertThatExceptionOfType(PromQl.SyntaxException.class).isThrownBy(() -> PromQl.selectors(expression));
    }

    private static Documented documentedAs(String series) throws IOException {
        return documented().stream()
                .filter(row -> row.exports(series))
                .findFirst()
                .orElseThrow(() -> new AssertionError(series + " is not documented in " + METRICS));
    }

    private static Set<String> possible(Documented metric, String label) throws IOException {
        Set<String> listed = metric.values().get(label);
        if (listed != null) {
            return listed;
        }
        String text = Files.readString(METRICS);
        return switch (label) {
            case "category" ->
                Stream.concat(
                                Stream.of("none"),
                                Arrays.stream(ErrorCategory.values())
                                        .map(category -> category.name().toLowerCase(Locale.ROOT)))
                        .collect(Collectors.toSet());
            case "outcome" ->
                metric.name().startsWith("serai_source_")
                        ? new HashSet<>(code(between(text, "Of look-ups,", "\n\n")))
                        : new HashSet<>(code(between(text, "`outcome` is one of", "`category` is")));
            default -> Set.of();
        };
    }

    private static String between(String text, String begin, String end) {
        int from = text.indexOf(begin);
        assertThat(from).as(begin).isNotNegative();
        return text.substring(from, text.indexOf(end, from));
    }

    private static List<Documented> documented() throws IOException {
        List<Documented> all = new ArrayList<>();
        for (List<String> cells : rows("## Metrics")) {
            String kind = cells.get(1);
            Map<String, Set<String>> values = new TreeMap<>();
            Set<String> tags = new TreeSet<>();
            if (kind.contains(";")) {
                // A tag is `name`, with its values in brackets behind it, if they are listed.
                for (MatchResult tag : Pattern.compile("`(\\w+)`(?: \\(([^)]*)\\))?")
                        .matcher(kind.substring(kind.indexOf(';')))
                        .results()
                        .toList()) {
                    tags.add(tag.group(1));
                    if (tag.group(2) != null && !tag.group(2).contains(" for ")) {
                        values.put(tag.group(1), new HashSet<>(code(tag.group(2))));
                    }
                }
            }
            all.add(new Documented(code(cells.getFirst()).getFirst(), kind.split("[;,]", -1)[0].strip(), tags, values));
        }
        assertThat(all).hasSizeGreaterThan(20);
        return all;
    }

    /** The rows of the first table behind that heading. */
    private static List<List<String>> rows(String heading) throws IOException {
        List<List<String>> rows = Files.readString(METRICS)
                .substring(Files.readString(METRICS).indexOf("\n" + heading + "\n"))
                .lines()
                .dropWhile(line -> !line.startsWith("|"))
                .takeWhile(line -> line.startsWith("|"))
                .skip(2)
                .map(line -> Arrays.stream(line.split("\\|", -1))
                        .skip(1)
                        .map(String::strip)
                        .toList())
                .toList();
        assertThat(rows).as(heading).isNotEmpty();
        return rows;
    }

    private static List<String> code(String text) {
        return CODE.matcher(text).results().map(code -> code.group(1)).toList();
    }

    /** The labels of each of the service's own metrics, with their values. */
    private static Map<String, Map<String, Set<String>>> series(String scrape) {
        Map<String, Map<String, Set<String>>> series = new TreeMap<>();
        Pattern.compile("(?m)^(serai_\\w+)(?:\\{([^}]*)})? ")
                .matcher(scrape)
                .results()
                .forEach(sample -> {
                    Map<String, Set<String>> labels = series.computeIfAbsent(sample.group(1), first -> new TreeMap<>());
                    Pattern.compile("(\\w+)=\"([^\"]*)\"")
                            .matcher(Objects.requireNonNullElse(sample.group(2), ""))
                            .results()
                            .forEach(label -> labels.computeIfAbsent(label.group(1), first -> new TreeSet<>())
                                    .add(label.group(2)));
                });
        return series;
    }
}
