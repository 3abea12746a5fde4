package dev.serai.operate.explain;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one replica says, or why it does not.
 *
 * @param address of its HTTP port
 * @param held what it holds of what is asked for; empty if it could not be asked
 * @param health what is wrong with it, as its health says; null if nothing is
 * @param failure why it could not be asked; null if it was
 */
public record ServiceSeen(
        String address,
        List<Held> held,
        @Nullable String health,
        @Nullable String failure) {

    public ServiceSeen {
        held = List.copyOf(held);
    }

    /**
     * Of one that was asked.
     *
     * @param report what {@code /observe/waiting} answers
     */
    public static ServiceSeen of(String address, JsonNode report, @Nullable String health) {
        List<Held> held = new ArrayList<>();
        for (JsonNode row : report.path("events")) {
            Held each = Held.of(row);
            if (each != null) {
                held.add(each);
            }
        }
        return new ServiceSeen(address, held, health, null);
    }

    /** Of one that does not answer. */
    public static ServiceSeen unreachable(String address, String why) {
        return new ServiceSeen(address, List.of(), null, why);
    }

    boolean isReached() {
        return failure == null;
    }

    /** Asks the services' HTTP ports. */
    public interface Services {
        /**
         * What each holds; of one that does not answer, why.
         *
         * @param key of the conversation, as people write it; null: the record alone is asked for
         * @param at null: all of the conversation is asked for
         */
        List<ServiceSeen> holding(@Nullable String key, @Nullable Position at) throws InterruptedException;
    }
}
