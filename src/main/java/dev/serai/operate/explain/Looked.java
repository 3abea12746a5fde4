package dev.serai.operate.explain;

import org.jspecify.annotations.Nullable;

/**
 * What was looked through of a topic.
 *
 * @param what it was looked through for
 * @param partitions how many of its
 * @param records that were there
 * @param complete whether all was seen that is to be seen since then
 * @param older whether there are records from before, which were not looked at
 */
public record Looked(String topic, String what, int partitions, long records, boolean complete, boolean older) {

    /** Is told how far a long look has come. */
    public interface Progress {
        /** Nobody is told. */
        Progress NONE = (topic, done, all) -> {};

        /**
         * To be called often.
         *
         * @param done offsets of {@code all}
         */
        void at(@Nullable String topic, long done, long all);
    }
}
