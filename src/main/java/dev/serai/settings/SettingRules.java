package dev.serai.settings;

import dev.serai.wire.StartConversation;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Rules that concern several settings at once and are not declared with them. A rule is silent about values that are missing
 * or wrong by themselves.
 */
final class SettingRules {
    private static final String API_KEY = "api-key";
    private static final String API_KEY_FILE = "api-key-file";
    private static final String BASE_URL = "base-url";
    private static final String BOOTSTRAP_SERVERS = "bootstrap-servers";
    private static final String STAND_IN = "stand-in";
    private static final String DEFAULT_TENANT = StartConversation.DEFAULT_TENANT;

    private final ResolvedSettings settings;
    private final List<String> problems;
    private final List<String> warnings;
    private final PairRules pairs;
    private final SettingsGroup kafka;
    private final SettingsGroup connect;
    private final List<SettingsGroup> tenants;

    SettingRules(ResolvedSettings settings, List<String> problems, List<String> warnings) {
        this.settings = settings;
        this.problems = problems;
        this.warnings = warnings;
        pairs = new PairRules(settings, problems);
        kafka = settings.group("serai.kafka.");
        connect = settings.group("serai.connect.");
        tenants = settings.members("tenants");
    }

    void check() {
        checkDirectories(settings.group("serai."));
        checkTopics();
        checkReplies(settings.group("serai.reply."));
        SettingsGroup provision = settings.group("serai.provision.");
        pairs.mustDiffer(provision.key("inbox"), provision.key("outbox"));
        if (usesEmbeddedBroker()) {
            checkEmbeddedBroker(settings.group("serai.http."), settings.group("serai.embedded."));
        }
        checkApiKeys();
        pairs.checkDeclared();
        KnownSettings.families().forEach(new FamilyRules(settings, problems)::check);
        checkCalls(connect);
        for (SettingsGroup tenant : tenants) {
            checkApiKey(tenant);
            checkCalls(tenant);
        }
        new SourceRules(settings, pairs, problems, warnings).check();
        settings.members("intake").forEach(this::checkIntake);
    }

    private void checkDirectories(SettingsGroup files) {
        Path routes = files.find("routes-dir", Path.class);
        if (routes != null && files.isSet("routes-dir") && !Files.isDirectory(routes)) {
            problems.add(files.key("routes-dir") + " must be a directory that exists, was " + files.quoted("routes-dir")
                    + PathTypes.meant(routes.toString()));
        }
        Path data = files.find("data-dir", Path.class);
        if (data != null && usesEmbeddedBroker() && Files.isDirectory(data) && !Files.isWritable(data)) {
            problems.add(files.key("data-dir") + " must be writable for the embedded broker, was "
                    + files.quoted("data-dir"));
        }
    }

    private void checkTopics() {
        List<String> topics = pairs.ownTopics();
        for (int i = 0; i < topics.size(); i++) {
            for (String other : topics.subList(i + 1, topics.size())) {
                pairs.mustDiffer(topics.get(i), other);
            }
        }
    }

    private void checkIntake(SettingsGroup intake) {
        pairs.ownTopics().forEach(own -> pairs.mustDiffer(intake.key("topic"), own));
        String tenant = intake.find("tenant", String.class);
        List<String> names =
                tenants.stream().map(SettingsGroup::member).sorted().toList();
        if (tenant != null && !tenant.equals(DEFAULT_TENANT) && !names.contains(tenant)) {
            problems.add(intake.key("tenant") + " must be " + DEFAULT_TENANT
                    + (names.isEmpty()
                            ? ", as there are no tenants"
                            : " or one of the tenants (" + String.join(", ", names) + ")")
                    + ", was " + intake.quoted("tenant") + ": change it, or set the settings serai.tenants." + tenant
                    + ".* of a tenant of that name");
        }
    }

    private void checkReplies(SettingsGroup reply) {
        List<String> allowed = reply.items("allowed-topics");
        for (String topic :
                List.of("start-topic", "dead-letter-topic", "session-topic", "job-topic", "job-row-topic")) {
            String name = kafka.find(topic, String.class);
            if (name != null && allowed.contains(name)) {
                problems.add(reply.key("allowed-topics") + " must not name the topic of " + kafka.key(topic) + ", has "
                        + Quoted.of(name) + " (" + reply.origin("allowed-topics") + "): take it out of the list");
            }
        }
        List.of("correlation-headers", "topic-headers", "partition-headers")
                .forEach(headers -> checkHeaders(reply, headers));
    }

    private void checkHeaders(SettingsGroup reply, String headers) {
        List<String> own = reply.items(headers).stream()
                .filter(name -> name.toLowerCase(Locale.ROOT).startsWith("serai-"))
                .toList();
        if (!own.isEmpty()) {
            problems.add(reply.key(headers) + " must not name headers that begin with serai-, which only this service"
                    + " sets, has " + String.join(", ", own) + " (" + reply.origin(headers)
                    + "): take them out of the list");
        }
    }

    private void checkEmbeddedBroker(SettingsGroup http, SettingsGroup embedded) {
        if (kafka.isSet("client-properties-file")) {
            problems.add(kafka.key("client-properties-file") + " is set (" + kafka.origin("client-properties-file")
                    + ") and no broker is: set " + kafka.variable(BOOTSTRAP_SERVERS)
                    + ", or remove it to use the embedded broker");
        }
        Integer broker = embedded.find("port", Integer.class);
        if (broker != null && broker != 0 && broker.equals(http.find("port", Integer.class))) {
            problems.add(http.key("port") + " and " + embedded.key("port") + " must differ, both are " + broker + " ("
                    + http.origin("port") + "; " + embedded.origin("port") + "): change one of them");
        }
    }

    private void checkApiKeys() {
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
    void checkProvider() {
        if (!usesEmbeddedBroker() && !isAnyKeySet() && !asksForStandIn()) {
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
        return hasKey(connect) || tenants.stream().anyMatch(SettingRules::hasKey);
    }

    private static boolean hasKey(SettingsGroup account) {
        return account.isSet(API_KEY) || account.isSet(API_KEY_FILE);
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

    private boolean usesEmbeddedBroker() {
        return !kafka.isSet(BOOTSTRAP_SERVERS);
    }
}
