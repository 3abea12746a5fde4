package dev.serai.settings;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one source, made for its name: the family of keys {@code serai.sources.NAME.*}. A new key also needs
 * its component in {@link EnrichmentSource} and a line in {@link SourceMapping}.
 *
 * @param system what sources of one type only have
 */
record SourceSettings(
        String name,
        Setting<SourceType> type,
        Setting<Policy> policy,
        Setting<Duration> timeout,
        Setting<Integer> maxConcurrent,
        Setting<Duration> cacheTtl,
        Setting<Duration> staleTtl,
        Setting<Integer> cacheEntries,
        Setting<Duration> breakerPause,
        SystemSettings system,
        Shape shape)
        implements SettingFamily.Member {

    static final SettingFamily<SourceSettings> FAMILY =
            new SettingFamily<>("source", Map.of("none", "the word stands for no source"), SourceSettings::of);

    /** What becomes of an event when the source fails. */
    enum Policy {
        OPTIONAL,
        REQUIRED
    }

    static SourceSettings of(String name) {
        String source = "serai.sources." + name;
        Setting<SourceType> type = Setting.of(
                source + ".type",
                SettingTypes.oneOf(SourceType.class),
                "What is asked. Each source needs it. `http`: a web service; `sql`: a database; `kafka-table`: a compacted"
                        + " topic; `file`: a JSON or CSV file; `route`: a route of your own.");
        return new SourceSettings(
                name,
                type,
                Setting.of(
                                source + ".policy",
                                SettingTypes.oneOf(Policy.class),
                                "When the source fails: with `optional` the event goes on without; with `required` the source is"
                                        + " asked again until the event's deadline, and then the event fails.")
                        .orElse("optional"),
                Setting.of(
                                source + ".timeout",
                                Durations.between(ofMillis(10), ofMinutes(1)),
                                "How long an event waits for one look-up.")
                        .orElse("2s"),
                Setting.of(
                                source + ".max-concurrent",
                                SettingTypes.wholeNumber(1, 1000),
                                "Look-ups at once; also the size of the pool of connections.")
                        .orElse("16"),
                Setting.of(
                                source + ".cache-ttl",
                                Durations.between(ZERO, ofDays(1)),
                                "How long an answer is used again.")
                        .orElseDependingOn(
                                "`1m` for http, sql and route; `0ms` for kafka-table and file, which are in memory",
                                settings -> cacheTtl(settings.find(type))),
                Setting.of(
                                source + ".stale-ttl",
                                Durations.between(ZERO, ofDays(7)),
                                "How much longer an answer is used while the source fails.")
                        .orElse("10m"),
                Setting.of(source + ".cache-entries", SettingTypes.wholeNumber(1, 1_000_000), "Answers that are kept.")
                        .orElse("10000"),
                Setting.of(
                                source + ".breaker-pause",
                                Durations.between(ofMillis(100), ofMinutes(10)),
                                "How long a source that keeps failing is left alone.")
                        .orElse("5s"),
                SystemSettings.of(source),
                Shape.of(source));
    }

    private static Optional<String> cacheTtl(@Nullable SourceType type) {
        return Optional.ofNullable(type).map(known -> switch (known) {
            case HTTP, SQL, ROUTE -> "1m";
            case KAFKA_TABLE, FILE -> "0ms";
        });
    }

    @Override
    public List<Setting<?>> all() {
        List<Setting<?>> all = new ArrayList<>(
                List.of(type, policy, timeout, maxConcurrent, cacheTtl, staleTtl, cacheEntries, breakerPause));
        for (SourceType each : SourceType.values()) {
            all.addAll(system.of(each));
        }
        all.addAll(shape.all());
        return List.copyOf(all);
    }

    /** What answers look like. */
    record Shape(
            Setting<String> elementsField,
            Setting<String> nameField,
            Setting<String> descriptionField,
            Setting<String> textField,
            Setting<Path> template) {

        private static Shape of(String source) {
            return new Shape(
                    Setting.of(
                            source + ".elements-field",
                            SettingTypes.word(),
                            "Field with the array of the scene's elements, if an answer is an object. Not set: the answer is"
                                    + " the array itself."),
                    Setting.of(source + ".name-field", SettingTypes.word(), "Field of a scene's element with its name.")
                            .orElse("name"),
                    Setting.of(
                                    source + ".description-field",
                                    SettingTypes.word(),
                                    "Field of a scene's element with its description.")
                            .orElse("description"),
                    Setting.of(
                                    source + ".text-field",
                                    SettingTypes.word(),
                                    "Field of an answer with the text of the dynamic information.")
                            .orElse("text"),
                    Setting.of(
                            source + ".template",
                            PathTypes.readableFile(),
                            "A template that makes that text of an answer's fields instead."));
        }

        private List<Setting<?>> all() {
            return List.of(elementsField, nameField, descriptionField, textField, template);
        }
    }
}
