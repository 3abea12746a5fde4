package dev.serai.engine;

import java.time.Duration;

/** Is told what becomes of transactions, on the committer's thread; must not block. */
public interface TransactionListener {

    /** A transaction was committed. */
    void committed(int events, Duration took);

    /** A transaction was aborted, and is tried again. */
    void aborted(String reason);

    /** Finished events were dropped, because their partitions have another owner. */
    void dropped(int events);

    /** So many events, possibly none, were published again, because Kafka has aborted what it had told was committed. */
    void publishedAgain(int events);

    /** After a transaction that was tried again, the group's offsets are not those that it committed. */
    void offsetsDiffer();
}
