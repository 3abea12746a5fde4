package dev.serai.source;

import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;

/** Logs each kind of trouble once, however often it comes, and once that it is over. For one thread. */
final class Trouble {
    private final Logger log;
    private final Set<Class<?>> known = new HashSet<>();

    Trouble(Logger log) {
        this.log = log;
    }

    /** @param consequence what cannot be done now, and what happens instead */
    void met(RuntimeException cause, String consequence) {
        if (known.add(cause.getClass())) {
            log.warn("{}: {}", consequence, cause.toString());
        }
        log.debug("The trouble's origin", cause);
    }

    /** Without effect if there was none. */
    void over(String whatWorks) {
        if (!known.isEmpty()) {
            log.info("{}", whatWorks);
            known.clear();
        }
    }
}
