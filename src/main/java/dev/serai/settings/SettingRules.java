package dev.serai.settings;

import static dev.serai.settings.ConnectSettings.API_KEY;
import static dev.serai.settings.ConnectSettings.API_KEY_FILE;
import static dev.serai.settings.ConnectSettings.BASE_URL;
import static dev.serai.settings.ConnectSettings.BURST;
import static dev.serai.settings.ConnectSettings.INITIAL_BACKOFF;
import static dev.serai.settings.ConnectSettings.MAX_BACKOFF;
import static dev.serai.settings.ConnectSettings.MAX_OUTAGE_PROBE;
import static dev.serai.settings.ConnectSettings.OUTAGE_PROBE;
import static dev.serai.settings.ConnectSettings.PROXY;
import static dev.serai.settings.ConnectSettings.PROXY_PASSWORD;
import static dev.serai.settings.ConnectSettings.PROXY_USER;
import static dev.serai.settings.ConnectSettings.RATE;
import static dev.serai.settings.ConnectSettings.RESPONSE_TIMEOUT;
import static dev.serai.settings.ConnectSettings.STAND_IN;
import static dev.serai.settings.ConnectSettings.TOTAL_TIMEOUT;
import static dev.serai.settings.ConnectSettings.TRUST_STORE;
import static dev.serai.settings.ConnectSettings.TRUST_STORE_PASSWORD;
import static dev.serai.settings.SettingsCatalog.ALLOWED_REPLY_TOPICS;
import static dev.serai.settings.SettingsCatalog.BOOTSTRAP_SERVERS;
import static dev.serai.settings.SettingsCatalog.CLIENT_PROPERTIES_FILE;
import static dev.serai.settings.SettingsCatalog.CORRELATION_HEADERS;
import static dev.serai.settings.SettingsCatalog.DATA_DIR;
import static dev.serai.settings.SettingsCatalog.DEAD_LETTER_TOPIC;
import static dev.serai.settings.SettingsCatalog.EMBEDDED_PORT;
import static dev.serai.settings.SettingsCatalog.HTTP_PORT;
import static dev.serai.settings.SettingsCatalog.ROUTES_DIR;
import static dev.serai.settings.SettingsCatalog.SESSION_TOPIC;
import static dev.serai.settings.SettingsCatalog.START_TOPIC;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Rules that concern several settings at once. A rule is silent about values that are missing or wrong by themselves. */
final class SettingRules {
    private final ResolvedSettings settings;
    private final List<String> problems;
    private final List<String> warnings;
    private final PairRules pairs;

    SettingRules(ResolvedSettings settings, List<String> problems, List<String> warnings) {
        this.settings = settings;
        this.problems = problems;
        this.warnings = warnings;
        this.pairs = new PairRules(settings, problems);
    }

    void check() {
        checkDirectories();
        checkTopics();
        checkCorrelationHeaders();
        checkEmbeddedBroker();
        checkApiKeys();
        checkTransport(BASE_URL);
        pairs.mustNotExceed(INITIAL_BACKOFF, MAX_BACKOFF);
        pairs.mustNotExceed(OUTAGE_PROBE, MAX_OUTAGE_PROBE);
        pairs.mustNotExceed(RESPONSE_TIMEOUT, TOTAL_TIMEOUT);
        pairs.mustComeWith(TRUST_STORE_PASSWORD, TRUST_STORE);
        pairs.mustComeWith(PROXY_USER, PROXY);
        pairs.mustComeWith(PROXY_USER, PROXY_PASSWORD);
        pairs.mustComeWith(PROXY_PASSWORD, PROXY);
        pairs.mustComeWith(PROXY_PASSWORD, PROXY_USER);
        checkBurst(RATE, BURST);
        for (TenantSettings tenant : settings.members(TenantSettings.FAMILY)) {
            checkApiKey(tenant);
            if (settings.isSet(tenant.baseUrl())) {
                checkTransport(tenant.baseUrl());
            }
            checkBurst(tenant.rate(), tenant.burst());
        }
        new SourceRules(settings, problems, warnings).check();
    }

    private void checkDirectories() {
        Path routes = settings.find(ROUTES_DIR);
        if (routes != null && settings.isSet(ROUTES_DIR) && !Files.isDirectory(routes)) {
            problems.add(ROUTES_DIR.key() + " must be a directory that exists, was " + settings.quoted(ROUTES_DIR)
                    + PathTypes.meant(routes.toString()));
        }
        Path data = settings.find(DATA_DIR);
        if (data != null && usesEmbeddedBroker() && Files.isDirectory(data) && !Files.isWritable(data)) {
            problems.add(
                    DATA_DIR.key() + " must be writable for the embedded broker, was " + settings.quoted(DATA_DIR));
        }
    }

    private void checkTopics() {
        List<Setting<String>> topics = SettingsCatalog.TOPICS;
        for (int i = 0; i < topics.size(); i++) {
            for (Setting<String> other : topics.subList(i + 1, topics.size())) {
                pairs.mustDiffer(topics.get(i), other);
            }
        }
        List<String> allowed = settings.find(ALLOWED_REPLY_TOPICS);
        for (Setting<String> topic : List.of(START_TOPIC, DEAD_LETTER_TOPIC, SESSION_TOPIC)) {
            String name = settings.find(topic);
            if (allowed != null && name != null && allowed.contains(name)) {
                problems.add(ALLOWED_REPLY_TOPICS.key() + " must not name the topic of " + topic.key() + ", has "
                        + Quoted.of(name) + " (" + settings.origin(ALLOWED_REPLY_TOPICS)
                        + "): take it out of the list");
            }
        }
    }

    private void checkCorrelationHeaders() {
        List<String> echoed = settings.find(CORRELATION_HEADERS);
        List<String> own = echoed == null
                ? List.of()
                : echoed.stream()
                        .filter(name -> name.toLowerCase(Locale.ROOT).startsWith("serai-"))
                        .toList();
        if (!own.isEmpty()) {
            problems.add(CORRELATION_HEADERS.key() + " must not name headers that begin with serai-, which only this"
                    + " service sets, has " + String.join(", ", own) + " (" + settings.origin(CORRELATION_HEADERS)
                    + "): take them out of the list");
        }
    }

    private void checkEmbeddedBroker() {
        if (!usesEmbeddedBroker()) {
            return;
        }
        if (settings.isSet(CLIENT_PROPERTIES_FILE)) {
            problems.add(CLIENT_PROPERTIES_FILE.key() + " is set (" + settings.origin(CLIENT_PROPERTIES_FILE)
                    + ") and no broker is: set " + BOOTSTRAP_SERVERS.environmentName()
                    + ", or remove it to use the embedded broker");
        }
        Integer broker = settings.find(EMBEDDED_PORT);
        Integer http = settings.find(HTTP_PORT);
        if (broker != null && broker != 0 && broker.equals(http)) {
            problems.add(HTTP_PORT.key() + " and " + EMBEDDED_PORT.key() + " must differ, both are " + broker + " ("
                    + settings.origin(HTTP_PORT) + "; " + settings.origin(EMBEDDED_PORT) + "): change one of them");
        }
    }

    private void checkApiKeys() {
        pairs.mustNotBothBeSet(API_KEY, API_KEY_FILE);
        if (settings.isSet(BASE_URL) && !isAnyKeySet()) {
            problems.add(BASE_URL.key() + " is set (" + settings.origin(BASE_URL) + ") and no API key is: set "
                    + API_KEY.environmentName() + " or " + API_KEY_FILE.environmentName()
                    + ", or remove the URL to use the stand-in");
        }
        if (Boolean.TRUE.equals(settings.find(STAND_IN)) && isAnyKeySet()) {
            problems.add(STAND_IN.key() + " is true (" + settings.origin(STAND_IN)
                    + ") and an API key is set: remove one of them, for the stand-in answers instead of the provider");
        }
    }

    /**
     * Who answers must be named once real events come in: a key that got lost on its way must not turn callers' rooms into
     * those of the stand-in.
     */
    void checkProvider() {
        if (!usesEmbeddedBroker() && !isAnyKeySet() && !Boolean.TRUE.equals(settings.find(STAND_IN))) {
            problems.add("a Kafka is named (" + BOOTSTRAP_SERVERS.key() + ", " + settings.origin(BOOTSTRAP_SERVERS)
                    + ") and no API key is: set " + API_KEY.environmentName() + " or "
                    + API_KEY_FILE.environmentName()
                    + " (empty counts as not set), or, to have the stand-in answer with"
                    + " rooms that are none, " + STAND_IN.environmentName() + "=true");
        }
    }

    /** If none is, a stand-in answers, for all tenants. */
    private boolean isAnyKeySet() {
        return settings.isSet(API_KEY)
                || settings.isSet(API_KEY_FILE)
                || settings.members(TenantSettings.FAMILY).stream().anyMatch(this::hasKey);
    }

    private boolean hasKey(TenantSettings tenant) {
        return settings.isSet(tenant.apiKey()) || settings.isSet(tenant.apiKeyFile());
    }

    private void checkApiKey(TenantSettings tenant) {
        Setting<?> key = tenant.apiKey();
        Setting<?> file = tenant.apiKeyFile();
        pairs.mustNotBothBeSet(key, file);
        if (!hasKey(tenant) && (isAnyKeySet() || settings.isSet(tenant.baseUrl()))) {
            String others = tenant.all().stream()
                    .filter(settings::isSet)
                    .map(setting -> setting.key() + " (" + settings.origin(setting) + ")")
                    .collect(Collectors.joining(", "));
            problems.add("tenant " + tenant.name() + " has no API key: set " + key.environmentName() + " or "
                    + file.environmentName() + ", or remove " + others);
        }
    }

    private void checkTransport(Setting<URI> setting) {
        URI url = settings.find(setting);
        if (url != null && "http".equalsIgnoreCase(url.getScheme()) && !Addresses.isLoopback(url)) {
            warnings.add(setting.key() + " is " + settings.quoted(setting)
                    + ": the API key and room tokens travel unencrypted: use https");
        }
    }

    private void checkBurst(Setting<Double> rate, Setting<Integer> burst) {
        Double perSecond = settings.find(rate);
        if (settings.isSet(burst) && perSecond != null && perSecond == 0) {
            warnings.add(burst.key() + " (" + settings.origin(burst) + ") has no effect without a rate: set "
                    + rate.key() + ", or remove it");
        }
    }

    private boolean usesEmbeddedBroker() {
        return !settings.isSet(BOOTSTRAP_SERVERS);
    }
}
