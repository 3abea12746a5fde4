package dev.serai.observe.waiting;

import dev.serai.observe.waiting.HeldEvent.Since;
import dev.serai.observe.waiting.HeldEvents.Ahead;
import dev.serai.wire.Characters;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.Secrets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts into words what a held event is at. Names that publishers chose are cut to {@value #NAME_CHARACTERS} characters and are
 * without secrets, but may hold characters that steer a terminal. Thread-safe.
 */
final class EventState {
    /** An id has 512 at most; a key can have a million. */
    static final int NAME_CHARACTERS = 128;

    private final Function<OriginalRecord, String> ids;
    private final Supplier<Optional<String>> kafka;

    /**
     * @param ids of events that are not decoded; reads the record
     * @param kafka why no event can be committed, and none is called for; empty while they can
     */
    EventState(Function<OriginalRecord, String> ids, Supplier<Optional<String>> kafka) {
        this.ids = ids;
        this.kafka = kafka;
    }

    /**
     * What an event is at.
     *
     * @param label for machines
     * @param text for people: the rest of a sentence that begins with the event
     * @param since how long it has been so
     */
    record Current(String label, String text, Duration since) {}

    Current of(HeldEvent event, @Nullable Ahead ahead) {
        Since<Wait> wait = event.currentWait();
        if (wait != null) {
            String text = wait.what() instanceof Wait.Lane && ahead != null
                    ? behind(ahead)
                    : wait.what().text() + kafkaProblem(wait.what());
            return new Current(wait.what().label(), Secrets.inLog(text), wait.age());
        }
        Since<RouteStep> step = event.step();
        return step == null
                ? new Current("taken", "has just been taken", event.held())
                : new Current("step", step.what().text(), step.age());
    }

    private String behind(Ahead ahead) {
        String more = ahead.events() == 1 ? "" : " and " + (ahead.events() - 1) + " more of its conversation";
        return "waits in its lane behind " + id(ahead.first()) + " ("
                + ahead.first().record() + ")" + more;
    }

    private String kafkaProblem(Wait wait) {
        return switch (wait) {
            case Wait.Commit commit -> kafka.get().map(why -> ": " + why).orElse("");
            case Wait.Kafka away -> kafka.get().map(why -> ": " + why).orElse("");
            default -> "";
        };
    }

    /** What the event calls itself, or where its record is. */
    String id(HeldEvent event) {
        String known = event.eventId();
        return name(known != null ? known : ids.apply(event.original()));
    }

    /** The conversation's key, or null without one. */
    @Nullable
    String key(HeldEvent event) {
        String key = event.original().conversationKey();
        return key == null ? null : name(key);
    }

    private static String name(String chosen) {
        // Masked before it is cut: half a secret is found by nobody.
        String masked = Secrets.inLog(chosen);
        return masked.length() <= NAME_CHARACTERS ? masked : Characters.atMost(NAME_CHARACTERS - 1, masked) + "…";
    }
}
