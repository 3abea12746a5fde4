package dev.serai.operate.doctor;

import dev.serai.connect.AccountLook;
import dev.serai.connect.AccountLook.Listed;
import dev.serai.loop.Counted;
import dev.serai.operate.doctor.Deployment.UsedCharacter;
import dev.serai.settings.HeldSecret;
import dev.serai.settings.Settings;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The provider's host by TLS, the key of each tenant, and its characters. */
record ProviderCheck(Once<List<ProviderSurvey.Seen>> survey, Deployment deployment) implements Check {
    private static final int MOST_NAMED = 20;

    @Override
    public List<Found> look() throws Exception {
        if (deployment.providers().isEmpty() && !deployment.standInAnswers()) {
            return List.of(Found.error(
                    "there is no API key, neither the default tenant's nor another's: a start refuses that on a Kafka that"
                            + " is named",
                    "set CONVAI_API_KEY_FILE to a file with the key and nothing else, here too"));
        }
        if (deployment.providers().isEmpty()) {
            return List.of(Found.skipped("the stand-in answers in place of a provider; it needs no key"));
        }
        List<Found> found = new ArrayList<>();
        for (ProviderSurvey.Seen seen : survey.get()) {
            String who = (seen.tenants().size() == 1 ? "tenant " : "tenants ") + String.join(", ", seen.tenants());
            found.add(reached(seen, who));
            if (seen.listed() != null) {
                found.addAll(listed(seen, seen.listed(), who));
            }
        }
        return found;
    }

    private static Found reached(ProviderSurvey.Seen seen, String who) {
        String host = who + ": " + seen.baseUrl() + " ";
        return switch (seen.reached()) {
            case AccountLook.Away away ->
                Found.blocked(host + away.why().what(), away.why().remedy());
            case AccountLook.Reached reached -> answers(seen.baseUrl(), host, reached);
            case AccountLook.KeyRefused ignored -> Found.ok(host + "answers");
            case AccountLook.Characters ignored -> Found.ok(host + "answers");
            case AccountLook.Unusable unusable ->
                Found.warning(host + "gives " + unusable.what(), "look at what is between this host and the provider");
        };
    }

    private static Found answers(URI baseUrl, String host, AccountLook.Reached reached) {
        String answers = "in " + reached.took().toMillis() + " ms (" + reached.status()
                + " to a GET without the key, which opens nothing)";
        if ("https".equals(baseUrl.getScheme())) {
            return Found.ok(host + "answers by TLS, with a certificate for that name, " + answers);
        }
        return isThisMachine(baseUrl)
                ? Found.ok(host + "answers without TLS, on this machine, " + answers)
                : Found.error(
                        host + "answers without TLS " + answers
                                + ": whoever is on the way reads the API key and the tokens of rooms",
                        "set serai.connect.base-url to its https:// address");
    }

    private static boolean isThisMachine(URI baseUrl) {
        try {
            return InetAddress.getByName(baseUrl.getHost()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private List<Found> listed(ProviderSurvey.Seen seen, AccountLook.Answer answer, String who) {
        return switch (answer) {
            case AccountLook.Characters characters -> characters(seen.tenants(), characters.all(), who);
            case AccountLook.KeyRefused refused ->
                List.of(Found.blocked(
                        who + ": the key is refused: " + seen.listUrl() + " answers " + refused.status(),
                        seen.tenants().stream().map(this::keyRemedy).distinct().collect(Collectors.joining("; "))));
            case AccountLook.Unusable unusable ->
                List.of(Found.warning(
                        who + ": whether the key is good and which characters it has is not known: " + seen.listUrl()
                                + " " + unusable.what(),
                        "a gateway may let /connect through alone; ./serai send tells whether the key is taken"));
            case AccountLook.Away away ->
                List.of(Found.blocked(
                        who + ": whether the key is good is not known: " + seen.listUrl() + " "
                                + away.why().what(),
                        away.why().remedy()));
            case AccountLook.Reached ignored -> List.of();
        };
    }

    private String keyRemedy(String tenant) {
        HeldSecret file = deployment.settings().tenant(tenant).apiKeyFile();
        return file == null
                ? "set " + Settings.apiKeyVariable(tenant) + " to one that it accepts, and restart"
                : "put one that it accepts into " + file.file().path() + ", which a running service reads again";
    }

    private List<Found> characters(List<String> tenants, List<Listed> all, String who) {
        Map<String, Listed> byId = new HashMap<>();
        all.forEach(character -> byId.put(character.id(), character));
        List<Listed> remembering = all.stream().filter(Listed::remembersUsers).toList();
        List<Found> found = new ArrayList<>();
        found.add(Found.ok(who + ": the key is good, and has " + Counted.text(all.size(), "character")
                + (remembering.isEmpty()
                        ? ", none of which needs end_user_id"
                        : ", of which " + remembering.size() + " with long-term memory, whose events need end_user_id: "
                                + remembering.stream()
                                        .limit(MOST_NAMED)
                                        .map(Listed::id)
                                        .collect(Collectors.joining(", "))
                                + (remembering.size() > MOST_NAMED ? ", …" : ""))));
        for (UsedCharacter used : deployment.usedCharacters()) {
            if (tenants.contains(used.tenant())) {
                Listed listed = byId.get(used.characterId());
                if (listed == null) {
                    found.add(unknown(used));
                } else if (listed.remembersUsers()) {
                    found.add(Found.warning(
                            "character " + used.characterId() + " of " + used.where()
                                    + " has long-term memory: its events are refused (400) without an end_user_id",
                            "see to it that publishers, or the mapping, set end_user_id; or switch its memory off"));
                }
            }
        }
        return found;
    }

    private static Found unknown(UsedCharacter used) {
        String text = "character " + used.characterId() + " of " + used.where() + " is none of tenant " + used.tenant()
                + "'s account";
        return used.isCertain()
                ? Found.error(
                        text + ": its events end as character_not_found",
                        "name one that the account has, or the key of the account that has this one")
                : Found.warning(
                        text + ": this tenant's events that name no character end as character_not_found",
                        "have its publishers name a character");
    }
}
