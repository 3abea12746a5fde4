package dev.serai.http;

import dev.serai.wire.KnownSecrets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What every call shows to be let in, such as the API key of an account; it may be replaced while calls are made.
 * Thread-safe; {@code toString} shows no key.
 */
public final class Credentials {
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile String key;

    public Credentials(String key) {
        this.key = key;
        KnownSecrets.OF_PROCESS.addKey(key);
    }

    /** The key to call with, for the places that send it or mask it. */
    public String key() {
        return key;
    }

    /** Calls from now on use this key. */
    public void replace(String newKey) {
        if (!newKey.equals(key)) {
            KnownSecrets.OF_PROCESS.addKey(newKey);
            key = newKey;
            listeners.forEach(Runnable::run);
        }
    }

    /** Is run after each replacement, on the thread that replaces. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public String toString() {
        return "Credentials[********]";
    }
}
