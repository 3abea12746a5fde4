package dev.serai.settings;

import dev.serai.settings.RecordBinder.Section;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Writes {@code config/README.md} from the declarations. */
final class SettingsReference {
    private static final String HEAD = """
            # Settings

            <!-- Generated. To change it, edit SeraiSettings, EnrichmentSource or SettingsReference and run:
                 mvn test -Dtest=SettingsReferenceTest -Dserai.regenerate=true -->

            Strongest first, a value comes from the command line, the environment, `config/application.properties`, or
            the default. An empty value counts as not set.

            - **Environment.** Every key has a variable: capitals, with `_` for dots and dashes. Where a second one is
              named it is understood too; the first wins. Unknown `SERAI_` variables are warned of, except those that
              Kubernetes makes for Services; and so is each that overrides what a file named with
              `--config` says.
            - **File.** UTF-8, `key=value`. An unknown `serai.` key stops Serai with a suggestion. Other keys are left to
              Camel (`camel.`) and to your routes.
            - **Durations** are `500ms`, `2s`, `10m`, `1h`, `30d` or ISO 8601 (`PT2S`); **sizes** are bytes, or `256KiB`,
              `1MiB`; **lists** are joined by commas, `none` is the empty list; relative **paths** are
              relative to where the command is typed. Defaults are relative to Serai's own folder, and so are paths in a
              settings file that lies there.
            - **Tenants** come into being by being set. `NAME` in a key is the tenant's name: words of `a-z` and `0-9` joined
              by `-`, at most 63 characters. In a variable it has capitals and `_` for `-`: `SERAI_TENANTS_NORTH_WEST_RATE`
              is `serai.tenants.north-west.rate`. The tenant `default` is `serai.connect.*`; with tenants but without a
              key there, there is no default tenant. Without any key, of tenants neither, the stand-in answers for all.
            - **Sources**, which enrich events, come into being in the same way and have names by the same rule, but not
              `none`. A key is for sources of all types unless it says of which.
            - **Intake** of raw events, each from a topic of its own, comes into being in the same way and has names by the
              same rule.
            - **In routes**, `{{serai.conversation.ttl}}` is the value in milliseconds, a size is in bytes, and what is
              not set is empty. Secrets are not available there.

            All mistakes are reported at once, at start-up.
            """;

    private SettingsReference() {}

    static String markdown() {
        return HEAD + KnownSettings.sections().map(SettingsReference::table).collect(Collectors.joining());
    }

    private static String table(Section section) {
        return "\n## " + section.title() + "\n\n"
                + "| key | environment | type | default | bounds | meaning |\n"
                + "| --- | --- | --- | --- | --- | --- |\n"
                + section.settings().stream().map(SettingsReference::row).collect(Collectors.joining());
    }

    private static String row(Setting<?> setting) {
        String environment =
                setting.environmentNames().stream().map(SettingsReference::code).collect(Collectors.joining(", "));
        return "| "
                + String.join(
                        " | ",
                        code(setting.key()),
                        environment + (setting.environmentOnly() ? " (environment only)" : ""),
                        setting.type().name(),
                        defaultOf(setting),
                        setting.type().bounds(),
                        setting.text())
                + " |\n";
    }

    private static String defaultOf(Setting<?> setting) {
        Key declared = setting.declared();
        if (!declared.as().isEmpty()) {
            return "as " + code(declared.as());
        }
        if (declared.orByType().length > 0) {
            return Arrays.stream(declared.orByType())
                    .map(text -> text.replaceFirst("\\S+", "`$0`"))
                    .collect(Collectors.joining("; "));
        }
        return declared.or().isEmpty() ? "" : code(declared.or().replace(",", ", "));
    }

    private static String code(String text) {
        return "`" + text + "`";
    }
}
