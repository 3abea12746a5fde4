package dev.serai.intake;

/**
 * An event for the start topic, as bytes: the tree that it was is not held while it waits for its commit.
 *
 * @param ends whether it is an end event
 */
@SuppressWarnings("ArrayRecordComponent") // opaque bytes, handed over and never compared
record EventRecord(byte[] key, byte[] value, boolean ends) {}
