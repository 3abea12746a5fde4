package dev.serai.service;

import dev.serai.engine.Assignments;
import dev.serai.observe.ConversationMetrics;
import dev.serai.session.SessionTable;

/**
 * What the engine of start events holds, as metrics. Their names are public API; {@code src/docs/metrics.md} says what they
 * mean. Stateless.
 */
final class EngineGauges {
    private EngineGauges() {}

    static void watch(ConversationMetrics metrics, TopicEngine engine, SessionTable sessions) {
        Assignments assignments = engine.assignments();
        metrics.watch("serai.events.held", "Start events held: waiting, running, being committed", assignments::held);
        metrics.watch(
                "serai.events.held.bytes",
                "Keys, values and headers of the start events held, as they came",
                assignments::heldBytes);
        metrics.watch(
                "serai.partitions",
                "Partitions of the start topic that this process owns and reads",
                assignments::partitions);
        metrics.watch(
                "serai.partitions.arriving",
                "Partitions that this process was given and that are not ready to be read",
                engine::arriving);
        metrics.watch(
                "serai.oldest.holding.transaction.seconds",
                "Age of the transaction that has kept partitions from being taken over longest; 0 if none does",
                () -> (int) engine.oldestTransaction().toSeconds());
        metrics.watch("serai.sessions", "Conversations in the session table", sessions::size);
        metrics.watch(
                "serai.events.unanswered",
                "Events whose routes ended without an answer; they hold back their partition's offset",
                assignments::unanswered);
    }
}
