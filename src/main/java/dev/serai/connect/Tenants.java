package dev.serai.connect;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The tenants by their names. Immutable. */
public final class Tenants {
    private final List<Tenant> all;
    private final Map<String, Tenant> byName;

    public Tenants(Collection<Tenant> tenants) {
        all = List.copyOf(tenants);
        byName = all.stream().collect(Collectors.toUnmodifiableMap(Tenant::name, Function.identity()));
    }

    /** In the order of the settings. */
    public List<Tenant> all() {
        return all;
    }

    /**
     * The tenant of that name.
     *
     * @throws IllegalStateException if there is none: decoding lets no such event through
     */
    public Tenant named(String name) {
        Tenant tenant = byName.get(name);
        if (tenant == null) {
            throw new IllegalStateException("no tenant " + name);
        }
        return tenant;
    }
}
