package dev.serai.session;

/** A partition that is read in: what is remembered of its conversations, and their open sessions. */
record PartitionLoad(SessionTable.Load table, OpenLoad openSessions) {
    /** Opens both; whether they are. */
    boolean open(SessionSealer sealer, Unsealable unsealable) {
        OpenLoad.Outcome outcome = openSessions.open(sealer);
        unsealable.add(outcome);
        return outcome.open() && table.open();
    }

    void giveUp() {
        table.giveUp();
        openSessions.giveUp();
    }

    void forget(byte[] key) {
        table.forget(key);
        openSessions.forget(key);
    }

    void put(byte[] key, SessionRecord.Content content) {
        table.put(key, content.state());
        openSessions.put(key, content.openSessions());
    }
}
