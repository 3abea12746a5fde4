package dev.serai.settings;

import java.net.URI;
import java.util.List;

/** Who answers events, with which keys: the provider's accounts, or the stand-in. See {@link SettingRules}. */
final class ProviderRules {
    private static final String API_KEY = "api-key";
    private static final String API_KEY_FILE = "api-key-file";
    private static final String BASE_URL = "base-url";
    private static final String BOOTSTRAP_SERVERS = "bootstrap-servers";
    private static final String STAND_IN = "stand-in";

    private final List<String> problems;
    private final List<String> warnings;
    private final SettingsGroup kafka;
    private final SettingsGroup connect;
    private final List<SettingsGroup> tenants;

    ProviderRules(ResolvedSettings settings, List<String> problems, List<String> warnings) {
        this.problems = problems;
        this.warnings = warnings;
        kafka = settings.group("serai.kafka.");
        connect = settings.group("serai.connect.");
        tenants = settings.members("tenants");
    }

    /** Whether there are keys at all, or none. */
    void checkApiKeys() {
        if (connect.isSet(BASE_URL) && !isAnyKeySet()) {
            problems.add(connect.key(BASE_URL) + " is set (" + connect.origin(BASE_URL) + ") and no API key is: set "
                    + connect.variable(API_KEY) + " or " + connect.variable(API_KEY_FILE)
                    + ", or remove the URL to use the stand-in");
        }
        if (asksForStandIn() && isAnyKeySet()) {
            problems.add(connect.key(STAND_IN) + " is true (" + connect.origin(STAND_IN)
                    + ") and an API key is set: remove one of them, for the stand-in answers instead of the provider");
        }
    }

    /**
     * Who answers must be named once real events come in: a key that got lost on its way must not turn callers' rooms into
     * those of the stand-in.
     */
    void checkAnswers() {
        if (kafka.isSet(BOOTSTRAP_SERVERS) && !isAnyKeySet() && !asksForStandIn()) {
            problems.add("a Kafka is named (" + kafka.key(BOOTSTRAP_SERVERS) + ", " + kafka.origin(BOOTSTRAP_SERVERS)
                    + ") and no API key is: set " + connect.variable(API_KEY) + " or "
                    + connect.variable(API_KEY_FILE)
                    + " (empty counts as not set), or, to have the stand-in answer with"
                    + " rooms that are none, " + connect.variable(STAND_IN) + "=true");
        }
    }

    private boolean asksForStandIn() {
        return Boolean.TRUE.equals(connect.find(STAND_IN, Boolean.class));
    }

    /** If none is, a stand-in answers, for all tenants. */
    private boolean isAnyKeySet() {
        return hasKey(connect) || tenants.stream().anyMatch(ProviderRules::hasKey);
    }

    /** Not where only tenants of a name have keys. */
    boolean hasDefaultTenant() {
        return hasKey(connect) || !isAnyKeySet();
    }

    /** What makes the default tenant one. */
    String defaultKey() {
        return connect.variable(API_KEY) + " or " + connect.variable(API_KEY_FILE);
    }

    private static boolean hasKey(SettingsGroup account) {
        return account.isSet(API_KEY) || account.isSet(API_KEY_FILE);
    }

    /** Each account by itself. */
    void checkAccounts() {
        checkCalls(connect);
        for (SettingsGroup tenant : tenants) {
            checkApiKey(tenant);
            checkCalls(tenant);
        }
    }

    private void checkApiKey(SettingsGroup tenant) {
        if (!hasKey(tenant) && (isAnyKeySet() || tenant.isSet(BASE_URL))) {
            problems.add("tenant " + tenant.member() + " has no API key: set " + tenant.variable(API_KEY) + " or "
                    + tenant.variable(API_KEY_FILE) + ", or remove " + tenant.whatIsSet());
        }
    }

    /** Of the default tenant and of each other one. */
    private void checkCalls(SettingsGroup account) {
        URI url = account.find(BASE_URL, URI.class);
        if (url != null && account.isSet(BASE_URL) && Addresses.isUnencrypted(url)) {
            warnings.add(account.key(BASE_URL) + " is " + account.quoted(BASE_URL)
                    + ": the API key and room tokens travel unencrypted: use https");
        }
        Double rate = account.find("rate", Double.class);
        if (account.isSet("burst") && rate != null && rate == 0) {
            warnings.add(account.named("burst") + " has no effect without a rate: set " + account.key("rate")
                    + ", or remove it");
        }
    }
}
