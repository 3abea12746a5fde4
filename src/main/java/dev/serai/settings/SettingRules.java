package dev.serai.settings;

import dev.serai.wire.StartConversation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Rules that concern several settings at once and are not declared with them. A rule is silent about values that are missing
 * or wrong by themselves.
 */
final class SettingRules {
    private static final String BOOTSTRAP_SERVERS = "bootstrap-servers";
    private static final String DEFAULT_TENANT = StartConversation.DEFAULT_TENANT;

    private final ResolvedSettings settings;
    private final List<String> problems;
    private final List<String> warnings;
    private final PairRules pairs;
    private final ProviderRules provider;
    private final SettingsGroup kafka;
    private final List<SettingsGroup> tenants;

    SettingRules(ResolvedSettings settings, List<String> problems, List<String> warnings) {
        this.settings = settings;
        this.problems = problems;
        this.warnings = warnings;
        pairs = new PairRules(settings, problems);
        kafka = settings.group("serai.kafka.");
        tenants = settings.members("tenants");
        provider = new ProviderRules(settings, problems, warnings);
    }

    void check() {
        checkDirectories(settings.group("serai."));
        checkTopics();
        checkReplies(settings.group("serai.reply."));
        SettingsGroup provision = settings.group("serai.provision.");
        pairs.mustBeTwoFolders(provision.key("inbox"), provision.key("outbox"));
        if (usesEmbeddedBroker()) {
            checkEmbeddedBroker(settings.group("serai.http."), settings.group("serai.embedded."));
        }
        provider.checkApiKeys();
        pairs.checkDeclared();
        KnownSettings.families().forEach(new FamilyRules(settings, problems)::check);
        provider.checkAccounts();
        new SourceRules(settings, pairs, problems, warnings).check();
        settings.members("intake").forEach(this::checkIntake);
    }

    /** See {@link ProviderRules#checkAnswers}. */
    void checkProvider() {
        provider.checkAnswers();
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
        if (tenant == null) {
            if (!intake.isSet("tenant") && !provider.hasDefaultTenant()) {
                warnings.add(intake.key("tenant") + " is not set, and there is no default tenant without "
                        + provider.defaultKey()
                        + ": an event for which neither the mapping nor the table names a tenant is"
                        + " refused; set it to one of the tenants (" + names() + ")");
            }
        } else if (tenant.equals(DEFAULT_TENANT) && !provider.hasDefaultTenant()) {
            problems.add(intake.key("tenant") + " must be one of the tenants (" + names() + "), was "
                    + intake.quoted("tenant") + ": change it, or set " + provider.defaultKey()
                    + ", without which there is no default tenant");
        } else if (!tenant.equals(DEFAULT_TENANT) && tenants.stream().noneMatch(each -> tenant.equals(each.member()))) {
            problems.add(intake.key("tenant") + " must be " + allowedTenants() + ", was " + intake.quoted("tenant")
                    + ": change it, or set the settings serai.tenants." + tenant + ".* of a tenant of that name");
        }
    }

    private String allowedTenants() {
        if (tenants.isEmpty()) {
            return DEFAULT_TENANT + ", as there are no tenants";
        }
        return (provider.hasDefaultTenant() ? DEFAULT_TENANT + " or " : "") + "one of the tenants (" + names() + ")";
    }

    private String names() {
        return tenants.stream().map(SettingsGroup::member).sorted().collect(Collectors.joining(", "));
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

    private boolean usesEmbeddedBroker() {
        return !kafka.isSet(BOOTSTRAP_SERVERS);
    }
}
