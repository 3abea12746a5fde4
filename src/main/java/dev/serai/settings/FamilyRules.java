package dev.serai.settings;

import java.util.List;

/** What each member of a family must have and must not, by its declarations. */
final class FamilyRules {
    private static final String TYPE = "type";

    private final ResolvedSettings settings;
    private final List<String> problems;

    FamilyRules(ResolvedSettings settings, List<String> problems) {
        this.settings = settings;
        this.problems = problems;
    }

    void check(SettingFamily family) {
        for (String name : settings.members(family)) {
            SettingsGroup member = settings.group(family.prefix(name));
            String what = family.member() + " " + name;
            member.all().forEach(setting -> checkOfAnyType(what, member, setting));
            if (family.hasTypes() && !member.text(TYPE).isEmpty()) {
                checkOfTypes(what, member, family.member(), member.text(TYPE));
            }
        }
    }

    private void checkOfAnyType(String what, SettingsGroup member, Setting<?> setting) {
        if (setting.needed() && setting.ofType().isEmpty() && !member.isSet(setting.name())) {
            String choices = setting.name().equals(TYPE)
                    ? " to " + setting.type().bounds().replace("`", "")
                    : "";
            problems.add(what + " has no " + setting.name() + ": set " + setting.key() + choices + ", or remove "
                    + member.whatIsSet());
        }
    }

    /** The type's keys are there, and no others. */
    private void checkOfTypes(String what, SettingsGroup member, String kind, String type) {
        for (Setting<?> setting : member.all()) {
            if (setting.ofType().equals(type) && setting.needed() && !member.isSet(setting.name())) {
                problems.add(what + " has no " + setting.key() + ", which type " + type + " needs: set it, or change "
                        + member.named(TYPE));
            }
        }
        for (Setting<?> setting : member.all()) {
            if (!setting.ofType().isEmpty() && !setting.ofType().equals(type) && member.isSet(setting.name())) {
                problems.add(member.named(setting.name()) + " has no effect for a " + kind + " of type " + type
                        + ": remove it, or change " + member.key(TYPE));
            }
        }
    }
}
