package dev.serai.conversation;

/**
 * With which records an event is settled: its offset is committed once there is a reply, a dead letter, or neither is needed.
 * Noted by steps that come behind those that publish, so that a route which no longer publishes is noticed. Not thread-safe: it
 * belongs to its exchange.
 */
final class Settlement {
    private boolean replied;
    private boolean deadLettered;
    private boolean withoutReply;
    private boolean passedOver;

    void replied() {
        replied = true;
    }

    void deadLettered() {
        deadLettered = true;
    }

    /** Its offset is to be completed without an answer: it had one before, or it asks for none. */
    void passedOver() {
        passedOver = true;
    }

    /** No reply of this event fits its topic: the dead letter is its answer. */
    void goOnWithoutReply() {
        withoutReply = true;
    }

    /** What was to be published was taken back. */
    void clear() {
        replied = false;
        deadLettered = false;
    }

    boolean isReplied() {
        return replied;
    }

    boolean isDeadLettered() {
        return deadLettered;
    }

    boolean isWithoutReply() {
        return withoutReply;
    }

    /** Whether the event may be committed. */
    boolean isSettled() {
        return replied || deadLettered || passedOver;
    }
}
