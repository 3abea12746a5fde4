package dev.serai.settings;

import dev.serai.settings.PathTypes.HeldSecret;
import dev.serai.settings.SeraiSettings.Connect;
import dev.serai.settings.SeraiSettings.Connect.Gate;
import dev.serai.settings.SeraiSettings.Conversation;
import dev.serai.settings.SeraiSettings.Embedded;
import dev.serai.settings.SeraiSettings.Enrich;
import dev.serai.settings.SeraiSettings.Enrich.Limits;
import dev.serai.settings.SeraiSettings.Http;
import dev.serai.settings.SeraiSettings.Kafka;
import dev.serai.settings.SeraiSettings.Reply;
import dev.serai.settings.SeraiSettings.Sessions;
import dev.serai.settings.SeraiSettings.Tenant;
import java.util.Set;
import java.util.stream.Collectors;

/** From the catalogue's settings to the records that the program reads. */
final class SettingsMapping {
    private SettingsMapping() {}

    static SeraiSettings map(ResolvedSettings settings) {
        return new SeraiSettings(
                settings.get(SettingsCatalog.DATA_DIR),
                settings.get(SettingsCatalog.ROUTES_DIR),
                settings.find(SettingsCatalog.INSTANCE_ID),
                kafka(settings),
                conversation(settings),
                new Sessions(settings.get(SettingsCatalog.SESSION_RETENTION)),
                connect(settings),
                enrich(settings),
                reply(settings),
                new Http(settings.get(SettingsCatalog.HTTP_HOST), settings.get(SettingsCatalog.HTTP_PORT)),
                new Embedded(settings.get(SettingsCatalog.EMBEDDED_PORT)),
                settings.members(TenantSettings.FAMILY).stream()
                        .collect(Collectors.toMap(TenantSettings::name, tenant -> tenant(tenant, settings))),
                settings.members(SourceSettings.FAMILY).stream()
                        .collect(Collectors.toMap(
                                SourceSettings::name, source -> new SourceMapping(source, settings).map())));
    }

    private static Kafka kafka(ResolvedSettings settings) {
        return new Kafka(
                settings.find(SettingsCatalog.BOOTSTRAP_SERVERS),
                settings.find(SettingsCatalog.CLIENT_PROPERTIES_FILE),
                settings.get(SettingsCatalog.START_TOPIC),
                settings.get(SettingsCatalog.REPLY_TOPIC),
                settings.get(SettingsCatalog.DEAD_LETTER_TOPIC),
                settings.get(SettingsCatalog.SESSION_TOPIC),
                settings.get(SettingsCatalog.GROUP_ID),
                settings.get(SettingsCatalog.MAX_IN_FLIGHT),
                settings.find(SettingsCatalog.MAX_IN_FLIGHT_BYTES),
                settings.get(SettingsCatalog.CREATE_TOPICS),
                settings.get(SettingsCatalog.PARTITIONS),
                settings.get(SettingsCatalog.REPLY_RETENTION));
    }

    private static Conversation conversation(ResolvedSettings settings) {
        return new Conversation(
                settings.find(SettingsCatalog.DEFAULT_CHARACTER_ID),
                settings.get(SettingsCatalog.TTL),
                settings.get(SettingsCatalog.MAX_EVENT_BYTES),
                settings.get(SettingsCatalog.MAX_CLOCK_SKEW));
    }

    private static Connect connect(ResolvedSettings settings) {
        HeldSecret keyFile = settings.find(ConnectSettings.API_KEY_FILE);
        return new Connect(
                settings.get(ConnectSettings.BASE_URL),
                settings.isSet(ConnectSettings.BASE_URL),
                keyFile != null ? keyFile.secret() : settings.find(ConnectSettings.API_KEY),
                keyFile != null ? keyFile.path() : null,
                settings.get(ConnectSettings.STAND_IN),
                Set.copyOf(settings.get(ConnectSettings.ALLOWED_OPTIONS)),
                settings.get(ConnectSettings.MAX_CONCURRENT),
                settings.get(ConnectSettings.RATE),
                settings.get(ConnectSettings.BURST),
                settings.get(ConnectSettings.MAX_ATTEMPTS),
                settings.get(ConnectSettings.INITIAL_BACKOFF),
                settings.get(ConnectSettings.MAX_BACKOFF),
                settings.get(ConnectSettings.MAX_RETRY_AFTER),
                settings.get(ConnectSettings.CONNECT_TIMEOUT),
                settings.get(ConnectSettings.TLS_TIMEOUT),
                settings.get(ConnectSettings.RESPONSE_TIMEOUT),
                settings.get(ConnectSettings.TOTAL_TIMEOUT),
                settings.get(ConnectSettings.ON_UNKNOWN_OUTCOME),
                gate(settings),
                settings.find(ConnectSettings.TRUST_STORE),
                settings.find(ConnectSettings.TRUST_STORE_PASSWORD),
                settings.find(ConnectSettings.PROXY),
                settings.find(ConnectSettings.PROXY_USER),
                settings.find(ConnectSettings.PROXY_PASSWORD));
    }

    private static Gate gate(ResolvedSettings settings) {
        return new Gate(
                settings.get(ConnectSettings.COOL_DOWN),
                settings.get(ConnectSettings.CREDENTIALS_PROBE),
                settings.get(ConnectSettings.OUTAGE_CALLS),
                settings.get(ConnectSettings.OUTAGE_PROBE),
                settings.get(ConnectSettings.MAX_OUTAGE_PROBE));
    }

    private static Tenant tenant(TenantSettings tenant, ResolvedSettings settings) {
        HeldSecret keyFile = settings.find(tenant.apiKeyFile());
        return new Tenant(
                settings.get(tenant.baseUrl()),
                keyFile != null ? keyFile.secret() : settings.find(tenant.apiKey()),
                keyFile != null ? keyFile.path() : null,
                settings.get(tenant.maxConcurrent()),
                settings.get(tenant.rate()),
                settings.get(tenant.burst()),
                settings.get(tenant.sceneSource()).orElse(null),
                settings.get(tenant.dynamicInfoSource()).orElse(null));
    }

    private static Enrich enrich(ResolvedSettings settings) {
        return new Enrich(
                settings.get(EnrichmentSettings.SCENE_SOURCE).orElse(null),
                settings.get(EnrichmentSettings.DYNAMIC_INFO_SOURCE).orElse(null),
                new Limits(
                        settings.get(EnrichmentSettings.MAX_SCENE_ELEMENTS),
                        settings.get(EnrichmentSettings.MAX_NAME_CHARACTERS),
                        settings.get(EnrichmentSettings.MAX_DESCRIPTION_CHARACTERS),
                        settings.get(EnrichmentSettings.MAX_SCENE_CHARACTERS),
                        settings.get(EnrichmentSettings.MAX_TEXT_CHARACTERS)));
    }

    private static Reply reply(ResolvedSettings settings) {
        return new Reply(
                Set.copyOf(settings.get(SettingsCatalog.ALLOWED_REPLY_TOPICS)),
                settings.get(SettingsCatalog.CORRELATION_HEADERS));
    }
}
