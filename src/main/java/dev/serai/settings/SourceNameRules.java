package dev.serai.settings;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Each name of a source is one that there is, and each source is named somewhere. */
final class SourceNameRules {
    private static final List<String> NAMING = List.of("scene-source", "dynamic-info-source");

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
        settings.members("sources").forEach(source -> there.add(source.member()));
        SettingsGroup enrich = settings.group("serai.enrich.");
        // Those that are names of sources by themselves, and not by default as another one is.
        Stream.concat(Stream.of(enrich), settings.members("tenants").stream())
                .forEach(group -> NAMING.stream().filter(group::isSet).forEach(name -> checkName(group, name)));
        for (String name : there) {
            if (!named.contains(name)) {
                warnings.add("source " + name + " is never asked: name it in " + enrich.key("scene-source") + ", in "
                        + enrich.key("dynamic-info-source") + " or for a tenant, or remove it");
            }
        }
    }

    private void checkName(SettingsGroup group, String setting) {
        Optional<?> name = group.find(setting, Optional.class);
        if (name == null || name.isEmpty()) {
            return;
        }
        String source = name.get().toString();
        if (there.contains(source)) {
            named.add(source);
        } else {
            problems.add(group.key(setting) + " must be "
                    + (there.isEmpty()
                            ? "none, as there are no sources"
                            : "none or one of the sources (" + String.join(", ", there) + ")")
                    + ", was " + group.quoted(setting)
                    + ": change it, or set serai.sources." + source + ".type for a source of that name");
        }
    }
}
