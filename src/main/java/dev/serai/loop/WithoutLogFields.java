package dev.serai.loop;

import java.util.Map;
import org.slf4j.MDC;

/**
 * Lines of the log about what is everybody's, written by a thread that works on one event: they must not carry that event's log
 * fields (SLF4J's MDC), or else they name a victim that is none. Stateless.
 */
final class WithoutLogFields {
    private WithoutLogFields() {}

    /** Logs without the thread's fields, which it has again afterwards. */
    static void log(Runnable logging) {
        Map<String, String> fields = MDC.getCopyOfContextMap();
        if (fields == null || fields.isEmpty()) {
            logging.run();
            return;
        }
        MDC.clear();
        try {
            logging.run();
        } finally {
            MDC.setContextMap(fields);
        }
    }
}
