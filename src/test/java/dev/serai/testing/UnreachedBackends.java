package dev.serai.testing;

import dev.serai.connect.ProviderAccount;
import dev.serai.http.Credentials;
import dev.serai.service.Backends;
import dev.serai.wire.StartConversation;
import java.net.URI;
import java.util.Map;

/** Systems for starts and checks that come to no call: a provider where nobody listens. */
public final class UnreachedBackends {
    private UnreachedBackends() {}

    /** With a broker at that address, which may not be there either. */
    public static Backends at(String bootstrapServers) {
        return at(bootstrapServers, false);
    }

    /** {@link #at(String)}, which may be the process's own broker. */
    public static Backends at(String bootstrapServers, boolean ownBroker) {
        return new Backends(
                Map.of("bootstrap.servers", bootstrapServers),
                Map.of(
                        StartConversation.DEFAULT_TENANT,
                        new ProviderAccount(URI.create("http://127.0.0.1:1"), new Credentials("key"))),
                null,
                ownBroker);
    }
}
