package dev.serai.service;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.jspecify.annotations.Nullable;

/**
 * Makes an admin client when it is first used, and not before: a client connects as soon as it is made, and a service that
 * is only checked has no use for one. Thread-safe.
 */
final class LazyAdmin {
    private final Map<String, Object> properties;
    private @Nullable Admin made;

    private LazyAdmin(Map<String, Object> properties) {
        this.properties = properties;
    }

    /** A client of that name that is made of the properties; closing it when it has not been used makes none. */
    static Admin of(Map<String, Object> kafkaProperties, String clientId) {
        Map<String, Object> properties = new HashMap<>(kafkaProperties);
        properties.put(AdminClientConfig.CLIENT_ID_CONFIG, clientId);
        LazyAdmin lazy = new LazyAdmin(properties);
        return (Admin) Proxy.newProxyInstance(
                Admin.class.getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, arguments) -> {
                    if (method.getDeclaringClass() == Object.class) {
                        return method.invoke(lazy, arguments);
                    }
                    Admin admin = lazy.admin(!method.getName().equals("close"));
                    if (admin == null) {
                        return null;
                    }
                    try {
                        return method.invoke(admin, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause() == null ? e : e.getCause();
                    }
                });
    }

    private synchronized @Nullable Admin admin(boolean make) {
        if (made == null && make) {
            made = Admin.create(properties);
        }
        return made;
    }
}
