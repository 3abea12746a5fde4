package dev.serai.cli;

import dev.serai.connect.ProviderAccount;
import dev.serai.http.Credentials;
import dev.serai.service.Backends;
import dev.serai.settings.KafkaSettings;
import dev.serai.settings.Secret;
import dev.serai.settings.SeraiSettings;
import dev.serai.wire.StartConversation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** The systems that the settings name, none of which is started here. Stateless. */
final class NamedSystems {
    /** A port that nothing may listen at (RFC 6335, section 6). */
    private static final URI NOBODY = URI.create("http://127.0.0.1:0");

    private NamedSystems() {}

    /** One account for whoever may send events. */
    static Map<String, ProviderAccount> accountsOfAll(SeraiSettings settings, ProviderAccount account) {
        Map<String, ProviderAccount> accounts = new LinkedHashMap<>();
        accounts.put(StartConversation.DEFAULT_TENANT, account);
        settings.tenants().keySet().forEach(name -> accounts.put(name, account));
        return accounts;
    }

    /** The accounts that the settings name, by tenant. */
    static Map<String, ProviderAccount> accounts(SeraiSettings settings) {
        Map<String, ProviderAccount> accounts = new LinkedHashMap<>();
        Secret apiKey = settings.connect().apiKey();
        if (apiKey != null) {
            accounts.put(
                    StartConversation.DEFAULT_TENANT,
                    new ProviderAccount(settings.connect().baseUrl(), new Credentials(apiKey.reveal())));
        }
        settings.tenants()
                .forEach((name, tenant) -> accounts.put(
                        name,
                        new ProviderAccount(
                                tenant.baseUrl(),
                                new Credentials(Objects.requireNonNull(tenant.apiKey(), name)
                                        .reveal()))));
        return accounts;
    }

    /**
     * What Kafka's clients are made from: the file's properties, as Kafka's own tools read them, but for these brokers. From
     * then on this JVM's clients may use the token endpoint that the file names.
     */
    static Map<String, Object> kafkaProperties(@Nullable Path file, String bootstrapServers) {
        Properties properties = new Properties();
        if (file != null) {
            try (InputStream bytes = Files.newInputStream(file)) {
                properties.load(bytes);
            } catch (IOException e) {
                throw new UncheckedIOException("serai.kafka.client-properties-file cannot be read: " + file, e);
            }
        }
        Map<String, Object> all = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> all.put(name, properties.getProperty(name)));
        all.put("bootstrap.servers", bootstrapServers);
        TokenEndpoints.allow(all);
        return all;
    }

    /** All of them; in place of one that is not named is an address where nobody answers. */
    static Backends backends(SeraiSettings settings) {
        KafkaSettings kafka = settings.kafka();
        String bootstrapServers = kafka.bootstrapServers();
        Map<String, Object> kafkaProperties = kafkaProperties(
                kafka.clientPropertiesFile(), bootstrapServers == null ? NOBODY.getAuthority() : bootstrapServers);
        return settings.usesStandIn()
                ? new Backends(
                        kafkaProperties,
                        accountsOfAll(settings, new ProviderAccount(NOBODY, new Credentials("none"))),
                        NOBODY)
                : new Backends(kafkaProperties, accounts(settings), null);
    }
}
