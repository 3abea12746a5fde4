package dev.serai.settings;

import dev.serai.settings.ResolvedSettings.Resolved;
import dev.serai.settings.SettingsSources.Given;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which value a setting has: what was given, else another setting's, else the default. Stateless. */
final class Resolution {
    private Resolution() {}

    /**
     * Of all settings that there are.
     *
     * @param problems gets the mistakes in values
     */
    static ResolvedSettings of(SettingsSources sources, List<String> problems) {
        var resolved = new ResolvedSettings();
        for (Setting<?> setting : KnownSettings.all()) {
            resolved.add(resolve(setting, sources.find(setting), resolved, problems));
        }
        for (SettingFamily family : KnownSettings.families()) {
            for (String name : sources.names(family)) {
                resolved.addMember(family, name);
                for (Setting<?> setting : family.of(name)) {
                    resolved.add(resolve(setting, sources.find(setting), resolved, problems));
                }
            }
        }
        return resolved;
    }

    /** @param earlier has those that it depends on */
    static <T> Resolved<T> resolve(
            Setting<T> setting, @Nullable Given given, ResolvedSettings earlier, List<String> problems) {
        if (given != null) {
            return parse(setting, given.text(), given.origin(), problems);
        }
        String other = setting.declared().as();
        if (!other.isEmpty()) {
            @SuppressWarnings("unchecked") // its type is the other one's
            T value = (T) earlier.value(other);
            return new Resolved<>(setting, value, Origin.sameAs(other));
        }
        String text = setting.declared().orByType().length == 0
                ? setting.declared().or()
                : setting.defaultFor(earlier.get(setting.besides("type")).text());
        return text.isEmpty()
                ? new Resolved<>(setting, null, Origin.DEFAULT)
                : parse(setting, text, Origin.DEFAULT, problems);
    }

    private static <T> Resolved<T> parse(Setting<T> setting, String text, Origin origin, List<String> problems) {
        String located = setting.type().isPath(text) ? origin.located(text) : text;
        try {
            return new Resolved<>(setting, setting.type().parser().parse(located), origin);
        } catch (BadValueException e) {
            boolean showable = e.isValueShowable() && !setting.type().secret();
            problems.add(setting.key() + " " + e.getMessage() + ", was "
                    + (showable ? Quoted.of(text) : "a value that is not shown here") + " (" + origin + ")"
                    + (showable && setting.type().isPath(text) ? PathTypes.meant(located) : ""));
            return new Resolved<>(setting, null, origin);
        }
    }
}
