package dev.serai.engine;

/** Is told what goes wrong with the start topic's log, on the consumer's thread; must not block. */
public interface IntakeListener {

    /** The log of a partition was cut, or is another one: its events are read anew from where the logs part. */
    void logCut();

    /** So many offsets were deleted before this group had read them; the events that they held are lost. */
    void deletedUnread(long offsets);
}
