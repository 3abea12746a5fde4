package dev.serai.settings;

import java.util.List;
import java.util.Optional;

/** What events are enriched with, and how much of it: the keys {@code serai.enrich.*}. */
final class EnrichmentSettings {
    static final Setting<Optional<String>> SCENE_SOURCE = Setting.of(
                    "serai.enrich.scene-source",
                    SettingTypes.wordOrNone(),
                    "Name of the source in which `scene_ref` is looked up; `none`: it is not.")
            .orElse("none");

    static final Setting<Optional<String>> DYNAMIC_INFO_SOURCE = Setting.of(
                    "serai.enrich.dynamic-info-source",
                    SettingTypes.wordOrNone(),
                    "Name of the source in which `context_ref` is looked up; `none`: it is not.")
            .orElse("none");

    static final Setting<Integer> MAX_SCENE_ELEMENTS = Setting.of(
                    "serai.enrich.max-scene-elements",
                    SettingTypes.wholeNumber(1, 1000),
                    "Elements of the whole scene; what the event brings itself counts but is never cut.")
            .orElse("50");

    static final Setting<Integer> MAX_NAME_CHARACTERS = Setting.of(
                    "serai.enrich.max-name-characters",
                    SettingTypes.wholeNumber(1, 1000),
                    "A longer name of an element that a source found is cut.")
            .orElse("100");

    static final Setting<Integer> MAX_DESCRIPTION_CHARACTERS = Setting.of(
                    "serai.enrich.max-description-characters",
                    SettingTypes.wholeNumber(1, 20_000),
                    "A longer description of an element that a source found is cut.")
            .orElse("1000");

    static final Setting<Integer> MAX_SCENE_CHARACTERS = Setting.of(
                    "serai.enrich.max-scene-characters",
                    SettingTypes.wholeNumber(1, 200_000),
                    "Names and descriptions of the whole scene together; what the event brings itself counts but is never"
                            + " cut.")
            .orElse("10000");

    static final Setting<Integer> MAX_TEXT_CHARACTERS = Setting.of(
                    "serai.enrich.max-text-characters",
                    SettingTypes.wholeNumber(1, 200_000),
                    "The whole text of the dynamic information; what the event brings itself counts but is never cut.")
            .orElse("10000");

    static final SettingsCatalog.Group GROUP = new SettingsCatalog.Group(
            "Enrichment",
            List.of(
                    SCENE_SOURCE,
                    DYNAMIC_INFO_SOURCE,
                    MAX_SCENE_ELEMENTS,
                    MAX_NAME_CHARACTERS,
                    MAX_DESCRIPTION_CHARACTERS,
                    MAX_SCENE_CHARACTERS,
                    MAX_TEXT_CHARACTERS));

    private EnrichmentSettings() {}
}
