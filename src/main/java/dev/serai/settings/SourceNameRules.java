package dev.serai.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Each name of a source is one that there is, and each source is named somewhere. */
final class SourceNameRules {
    private final ResolvedSettings settings;
    private final List<String> problems;
    private final List<String> warnings;
    private final Set<String> there = new TreeSet<>();
    private final Set<String> named = new TreeSet<>();

    SourceNameRules(ResolvedSettings settings, List<String> problems, List<String> warnings) {
        this.settings = settings;
        this.problems = problems;
        this.warnings = warnings;
    }

    void check() {
        settings.members(SourceSettings.FAMILY).forEach(source -> there.add(source.name()));
        naming().forEach(this::checkName);
        for (String name : there) {
            if (!named.contains(name)) {
                warnings.add("source " + name + " is never asked: name it in " + EnrichmentSettings.SCENE_SOURCE.key()
                        + ", in " + EnrichmentSettings.DYNAMIC_INFO_SOURCE.key() + " or for a tenant, or remove it");
            }
        }
    }

    /** The settings that are names of sources by themselves, and not by default as another one is. */
    private List<Setting<Optional<String>>> naming() {
        List<Setting<Optional<String>>> naming =
                new ArrayList<>(List.of(EnrichmentSettings.SCENE_SOURCE, EnrichmentSettings.DYNAMIC_INFO_SOURCE));
        for (TenantSettings tenant : settings.members(TenantSettings.FAMILY)) {
            naming.add(tenant.sceneSource());
            naming.add(tenant.dynamicInfoSource());
        }
        return naming.stream().filter(settings::isSet).toList();
    }

    private void checkName(Setting<Optional<String>> setting) {
        Optional<String> name = settings.find(setting);
        if (name == null || name.isEmpty()) {
            return;
        }
        if (there.contains(name.get())) {
            named.add(name.get());
        } else {
            problems.add(setting.key() + " must be "
                    + (there.isEmpty()
                            ? "none, as there are no sources"
                            : "none or one of the sources (" + String.join(", ", there) + ")")
                    + ", was " + settings.quoted(setting)
                    + ": change it, or set "
                    + SourceSettings.FAMILY.of(name.get()).type().key()
                    + " for a source of that name");
        }
    }
}
