package dev.serai.operate.doctor;

import dev.serai.connect.ProviderAccount;
import dev.serai.http.Transport;
import dev.serai.settings.SeraiSettings;
import java.util.List;
import java.util.Map;

/**
 * What is to be looked at. Immutable; may hold secrets.
 *
 * @param kafkaProperties of any client, {@code bootstrap.servers} at least
 * @param instanceId of the process that is to run
 * @param providers the account of each tenant; empty where there is no key
 * @param transport how they are reached
 * @param usedCharacters those that settings and tables name
 */
public record Deployment(
        SeraiSettings settings,
        Map<String, Object> kafkaProperties,
        String instanceId,
        Map<String, ProviderAccount> providers,
        Transport transport,
        List<UsedCharacter> usedCharacters) {
    public Deployment {
        kafkaProperties = Map.copyOf(kafkaProperties);
        usedCharacters = List.copyOf(usedCharacters);
    }

    /**
     * A character that events of a tenant are for.
     *
     * @param where the setting or file that names it
     * @param isCertain whether it must be one of the tenant's account; not where only some events would need it there
     */
    public record UsedCharacter(String tenant, String characterId, String where, boolean isCertain) {}

    /** Whether a start without any key has somebody who answers: with its own broker, or where that was asked for. */
    boolean standInAnswers() {
        return settings.kafka().bootstrapServers() == null || settings.connect().standIn();
    }

    @Override
    public String toString() {
        return "Deployment[" + instanceId + "]";
    }
}
