package dev.serai.settings;

import dev.serai.settings.PathTypes.HeldSecret;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of one tenant, made for its name: the family of keys {@code serai.tenants.NAME.*}. A new key also needs
 * its component in {@link SeraiSettings.Tenant} and a line in {@link SettingsMapping}.
 */
record TenantSettings(
        String name,
        Setting<Secret> apiKey,
        Setting<HeldSecret> apiKeyFile,
        Setting<URI> baseUrl,
        Setting<Integer> maxConcurrent,
        Setting<Double> rate,
        Setting<Integer> burst,
        Setting<Optional<String>> sceneSource,
        Setting<Optional<String>> dynamicInfoSource)
        implements SettingFamily.Member {
    static final SettingFamily<TenantSettings> FAMILY = new SettingFamily<>(
            "tenant", Map.of("default", "that tenant's settings are serai.connect.*"), TenantSettings::of);

    static TenantSettings of(String name) {
        String tenant = "serai.tenants." + name;
        return new TenantSettings(
                name,
                Setting.of(
                                tenant + ".api-key",
                                PathTypes.secret(),
                                "The tenant's API key; an error in a file or on the command line. Each tenant needs this or"
                                        + " the file, unless there is no key at all and the stand-in answers.")
                        .fromEnvironmentOnly(),
                Setting.of(
                        tenant + ".api-key-file",
                        PathTypes.secretFile(),
                        "A file that holds the tenant's API key; read again when it changes."),
                Setting.of(
                                tenant + ".base-url",
                                Addresses.baseUrl(),
                                "The Connect API of this tenant, without `/connect`.")
                        .orElseAs(ConnectSettings.BASE_URL),
                Setting.of(
                                tenant + ".max-concurrent",
                                SettingTypes.wholeNumber(1, ConnectSettings.MOST_CALLS),
                                "This tenant's calls at once, of the whole fleet.")
                        .orElseAs(ConnectSettings.MAX_CONCURRENT),
                Setting.of(
                                tenant + ".rate",
                                SettingTypes.decimalNumber(ConnectSettings.MOST_CALLS),
                                "This tenant's calls per second, of the whole fleet; 0: no bound.")
                        .orElseAs(ConnectSettings.RATE),
                Setting.of(
                                tenant + ".burst",
                                SettingTypes.wholeNumber(1, ConnectSettings.MOST_CALLS),
                                "This tenant's calls that may begin at once after a pause; only with a rate.")
                        .orElseAs(ConnectSettings.BURST),
                Setting.of(
                                tenant + ".scene-source",
                                SettingTypes.wordOrNone(),
                                "Name of the source in which `scene_ref` of this tenant's events is looked up.")
                        .orElseAs(EnrichmentSettings.SCENE_SOURCE),
                Setting.of(
                                tenant + ".dynamic-info-source",
                                SettingTypes.wordOrNone(),
                                "Name of the source in which `context_ref` of this tenant's events is looked up.")
                        .orElseAs(EnrichmentSettings.DYNAMIC_INFO_SOURCE));
    }

    @Override
    public List<Setting<?>> all() {
        return List.of(apiKey, apiKeyFile, baseUrl, maxConcurrent, rate, burst, sceneSource, dynamicInfoSource);
    }
}
