package dev.serai.testing;

import dev.serai.engine.TransactionListener;
import java.time.Duration;

/** Hears of transactions, and does nothing; for tests to override what they want to hear. */
public class NobodyListens implements TransactionListener {
    @Override
    public void committed(int events, Duration took) {}

    @Override
    public void aborted(String reason) {}

    @Override
    public void dropped(int events) {}

    @Override
    public void publishedAgain(int events) {}

    @Override
    public void offsetsDiffer() {}
}
