package dev.serai.operate.doctor;

import dev.serai.connect.AccountLook;
import dev.serai.connect.ProviderAccount;
import dev.serai.http.Transport;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Asks the provider for each account, all of them at once; tenants with one account are asked for together. Opens no session. */
final class ProviderSurvey {
    private final Deployment deployment;

    /**
     * What an account has answered.
     *
     * @param tenants whose it is
     * @param listed null if its host does not answer at all
     */
    record Seen(
            List<String> tenants,
            URI baseUrl,
            URI listUrl,
            AccountLook.Answer reached,
            AccountLook.@Nullable Answer listed) {}

    private record Account(URI baseUrl, String key) {
        @Override
        public String toString() {
            return baseUrl.toString();
        }
    }

    ProviderSurvey(Deployment deployment) {
        this.deployment = deployment;
    }

    List<Seen> look() throws Exception {
        Map<Account, List<String>> tenants = new LinkedHashMap<>();
        Map<Account, ProviderAccount> accounts = new LinkedHashMap<>();
        deployment.providers().forEach((tenant, account) -> {
            Account one = new Account(account.baseUrl(), account.credentials().key());
            tenants.computeIfAbsent(one, first -> new ArrayList<>()).add(tenant);
            accounts.put(one, account);
        });
        List<Callable<Seen>> tasks = new ArrayList<>();
        accounts.forEach((one, account) -> tasks.add(
                () -> look(account, List.copyOf(tenants.getOrDefault(one, List.of())), deployment.transport())));
        // Of the platform: a name service is waited for in native code.
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().daemon().name("doctor-provider-", 0).factory());
        try {
            List<Seen> seen = new ArrayList<>();
            for (Future<Seen> asked : threads.invokeAll(tasks)) {
                seen.add(asked.get());
            }
            return seen;
        } finally {
            threads.shutdownNow();
        }
    }

    private static Seen look(ProviderAccount account, List<String> tenants, Transport transport)
            throws InterruptedException {
        try (AccountLook look = new AccountLook(account, transport)) {
            AccountLook.Answer reached = look.reach();
            return new Seen(
                    tenants,
                    account.baseUrl(),
                    look.listUrl(),
                    reached,
                    reached instanceof AccountLook.Away ? null : look.characters());
        }
    }
}
