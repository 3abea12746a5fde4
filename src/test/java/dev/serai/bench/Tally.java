package dev.serai.bench;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Which events have been answered, how often, and in which order those of one conversation. Thread-safe: replies of
 * several partitions may be noted at once, those of one conversation are all of one partition.
 */
final class Tally {
    private final Events events;
    private final BitSet answered = new BitSet();
    private final int[] lastOfConversation;
    private int duplicates;
    private int outOfOrder;

    Tally(Events events) {
        this.events = events;
        lastOfConversation = new int[events.conversations()];
        Arrays.fill(lastOfConversation, -1);
    }

    /**
     * Notes the reply to an event.
     *
     * @return whether it is the first one
     */
    synchronized boolean note(int number) {
        if (answered.get(number)) {
            duplicates++;
            return false;
        }
        answered.set(number);
        int conversation = events.conversation(number);
        if (number < lastOfConversation[conversation]) {
            outOfOrder++;
        }
        lastOfConversation[conversation] = Math.max(number, lastOfConversation[conversation]);
        return true;
    }

    /** Events with a reply. */
    synchronized int answered() {
        return answered.cardinality();
    }

    /** Replies beyond the first of their event. */
    synchronized int duplicates() {
        return duplicates;
    }

    /** First replies that came after the reply to a later event of the same conversation. */
    synchronized int outOfOrder() {
        return outOfOrder;
    }
}
